"""How good a soft matte is: the four errors of the matting literature.

Rhemann et al. 2009, "A Perceptually Motivated Online Benchmark for Image Matting", as computed by the evaluation code
that Xu et al. 2017 (Deep Image Matting) published and later papers share, so that figures can be laid beside theirs.
Every error is 0 for equal mattes and symmetric in its two arguments. SAD, gradient and connectivity are sums over
pixels and are given in thousands; they grow with the picture, so compare them at one size only.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import AnyArray

__all__ = ["connectivity_error", "gradient_error", "mse", "sad"]

Plane = NDArray[np.float64]

_CLOSE = 0.15  # a distance from the connected level that does not show (Rhemann et al., theta)


def sad(pred: AnyArray, true: AnyArray, *, unknown: NDArray[np.bool_] | None = None) -> float:
    """Sum of absolute differences, in thousands of pixels.

    Args:
        pred: bool or float 0..1 (h, w).
        true: the same shape.
        unknown: bool (h, w), the trimap's undecided region; None for the whole picture.

    Example:
        >>> sad(np.full((100, 50), 0.5), np.zeros((100, 50)))
        2.5
    """
    a, b = _mattes(pred, true, unknown)
    return float(_within(np.abs(a - b), unknown).sum()) / 1000


def mse(pred: AnyArray, true: AnyArray, *, unknown: NDArray[np.bool_] | None = None) -> float:
    """Mean squared difference, 0..1.

    Args:
        pred: bool or float 0..1 (h, w).
        true: the same shape.
        unknown: bool (h, w), the trimap's undecided region; None for the whole picture. 0 if it is empty.
    """
    a, b = _mattes(pred, true, unknown)
    squares = _within(np.square(a - b), unknown)
    return float(squares.mean()) if squares.size else 0.0


def gradient_error(
    pred: AnyArray, true: AnyArray, *, unknown: NDArray[np.bool_] | None = None, sigma: float = 1.4
) -> float:
    """Squared difference of the gradients' lengths, summed, in thousands: a soft edge where a crisp one belongs.

    Gradients are convolutions with first derivatives of a Gaussian, scaled to unit energy, cut off where the Gaussian
    falls below 0.01; the border pixel is repeated outwards.

    Args:
        pred: bool or float 0..1 (h, w).
        true: the same shape.
        unknown: bool (h, w), the trimap's undecided region; None for the whole picture.
        sigma: of the Gaussian, in pixels.
    """
    a, b = _mattes(pred, true, unknown)
    difference = _gradient_length(a, sigma) - _gradient_length(b, sigma)
    return float(_within(np.square(difference), unknown).sum(dtype=np.float64)) / 1000


def connectivity_error(
    pred: AnyArray, true: AnyArray, *, unknown: NDArray[np.bool_] | None = None, step: float = 0.1
) -> float:
    """How much of a matte floats free of the main part, summed, in thousands: stray islands, cut-off straps.

    A pixel's level is the highest threshold at which it belongs to the largest 4-connected part of the pixels where
    both mattes reach that threshold; how far a matte rises above that level, if by 0.15 or more, is its lack of
    connection. One deviation from the paper's text, made by the published code too: the largest part is looked for
    anew at every threshold, and not only among the fully opaque pixels.

    Args:
        pred: bool or float 0..1 (h, w).
        true: the same shape.
        unknown: bool (h, w), the trimap's undecided region; None for the whole picture.
        step: between thresholds, 0..1.
    """
    a, b = _mattes(pred, true, unknown)
    both = np.minimum(a, b)
    level = np.ones_like(a)
    pending = np.ones(a.shape, bool)
    steps = round(1 / step)
    for index in range(1, steps + 1):
        lost = pending & ~_largest_part(both >= index / steps)
        level[lost] = (index - 1) / steps
        pending &= ~lost
    return float(_within(np.abs(_connection(a, level) - _connection(b, level)), unknown).sum()) / 1000


def _connection(matte: Plane, level: Plane) -> Plane:
    above = matte - level
    return np.asarray(1 - above * (above >= _CLOSE), np.float64)


def _largest_part(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    if count < 2:
        return np.zeros(mask.shape, bool)
    return np.asarray(labels == 1 + int(np.argmax(statistics[1:, cv2.CC_STAT_AREA])))


def _gradient_length(matte: Plane, sigma: float) -> NDArray[np.float32]:
    reach = math.ceil(sigma * math.sqrt(-2 * math.log(math.sqrt(2 * math.pi) * sigma * 0.01)))
    x = np.arange(-reach, reach + 1, dtype=np.float64)
    bell = np.exp(-(x**2) / (2 * sigma**2))
    slope = x * bell
    bell, slope = bell / np.linalg.norm(bell), slope / np.linalg.norm(slope)
    fine = matte.astype(np.float32)  # twice as fast, and exact to six digits
    across = cv2.sepFilter2D(fine, cv2.CV_32F, slope, bell, borderType=cv2.BORDER_REPLICATE)
    down = cv2.sepFilter2D(fine, cv2.CV_32F, bell, slope, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _within(values: AnyArray, unknown: NDArray[np.bool_] | None) -> AnyArray:
    return values if unknown is None else values[np.asarray(unknown, bool)]


def _mattes(pred: AnyArray, true: AnyArray, unknown: AnyArray | None) -> tuple[Plane, Plane]:
    shapes = [array.shape for array in (pred, true, unknown) if array is not None]
    if len(set(shapes)) != 1 or pred.ndim != 2:
        raise ValueError(f"mattes: expected one shape (h, w) for all, got {', '.join(map(str, shapes))}")
    return pred.astype(np.float64), true.astype(np.float64)
