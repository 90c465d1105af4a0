"""How good a mask is: region, boundary and alpha errors against a true mask."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import AnyArray

__all__ = ["boundary_f", "iou", "mae", "pixel_accuracy"]


def iou(pred: AnyArray, true: AnyArray) -> float:
    """Intersection over union (Jaccard index) of two masks.

    Args:
        pred: bool or float 0..1 (h, w); a float mask is foreground where it is >= 0.5.
        true: the same shape.

    Returns:
        0..1; 1 if both are empty.

    Example:
        >>> iou(np.array([[1, 1, 0]]), np.array([[0, 1, 1]]))
        0.3333333333333333
    """
    a, b = _pair(pred, true)
    union = np.count_nonzero(a | b)
    return float(np.count_nonzero(a & b) / union) if union else 1.0


def pixel_accuracy(pred: AnyArray, true: AnyArray) -> float:
    """Share of pixels on the right side of 0.5, 0..1. Easily gamed by empty masks: report `iou` beside it."""
    a, b = _pair(pred, true)
    return float(np.mean(a == b))


def mae(pred: AnyArray, true: AnyArray) -> float:
    """Mean absolute difference of two alphas in 0..1 (h, w)."""
    _same_shape(pred, true)
    return float(np.mean(np.abs(pred.astype(np.float64) - true.astype(np.float64))))


def boundary_f(pred: AnyArray, true: AnyArray, *, tolerance: float = 0.0075) -> float:
    """F-measure of the outlines: how much of each lies within a tolerance of the other.

    Perazzi et al. 2016 (DAVIS), section 4: precision and recall of outline pixels. Two deviations:
    exact Euclidean distances instead of a dilation with a disk, and the tolerance is not rounded up.

    Args:
        pred: bool or float 0..1 (h, w).
        true: the same shape.
        tolerance: as a fraction of the picture's diagonal; at least one pixel is allowed.

    Returns:
        0..1; 1 if neither mask has an outline, 0 if just one has. A mask's edge along the picture's own
        border is not an outline.
    """
    a, b = (_outline(mask) for mask in _pair(pred, true))
    if not a.any() or not b.any():
        return float(a.any() == b.any())
    reach = max(1.0, tolerance * math.hypot(*a.shape))
    precision = float(np.mean(_distance_to(b)[a] <= reach))
    recall = float(np.mean(_distance_to(a)[b] <= reach))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _outline(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    # The default border value counts as foreground, so the picture's border makes no outline.
    eroded = cv2.erode(mask.astype(np.uint8), cross)
    return np.asarray(mask & ~eroded.astype(bool))


def _distance_to(outline: NDArray[np.bool_]) -> NDArray[np.float32]:
    distances = cv2.distanceTransform((~outline).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distances, np.float32)


def _pair(pred: AnyArray, true: AnyArray) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    _same_shape(pred, true)
    return np.asarray(pred >= 0.5), np.asarray(true >= 0.5)


def _same_shape(pred: AnyArray, true: AnyArray) -> None:
    if pred.shape != true.shape or pred.ndim != 2:
        raise ValueError(f"masks: expected two of the same (h, w), got {pred.shape} and {true.shape}")
