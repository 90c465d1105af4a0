"""Whether a map is true: does the network really answer by what it marks?

Deletion and insertion: Petsiuk, Das and Saenko 2018 (RISE, section 4.2). Pointing game: Zhang, Lin, Brandt, Shen and
Sclaroff 2016 (Top-down neural attention by excitation backprop); energy: Wang et al. 2020 (Score-CAM, section 4.2.2).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.explanation.scorer import Heat, Scorer, blurred, small
from packshot.values import Alpha, Rgb

__all__ = ["curve_area", "deletion_curve", "energy_inside", "insertion_curve", "points_inside"]

Curve = NDArray[np.float64]


def deletion_curve(score: Scorer, rgb: Rgb, heat: Heat, *, steps: int = 20) -> Curve:
    """The score while a photo's pixels are blurred away, the hottest first: a true map makes it fall early.

    Args:
        score: of a picture of any size.
        rgb: uint8 (h, w, 3).
        heat: of any size and range.
        steps: in which the pixels go, in equal numbers.

    Returns:
        float64 (steps + 1,): from the whole photo to nothing of it.
    """
    picture = small(rgb)
    return _curve(score, blurred(picture), picture, heat, steps)


def insertion_curve(score: Scorer, rgb: Rgb, heat: Heat, *, steps: int = 20) -> Curve:
    """The score while pixels come into a blurred photo, the hottest first: a true map makes it rise early.

    Args:
        score: of a picture of any size.
        rgb: uint8 (h, w, 3).
        heat: of any size and range.
        steps: in which the pixels come, in equal numbers.

    Returns:
        float64 (steps + 1,): from nothing of the photo to the whole.
    """
    picture = small(rgb)
    return _curve(score, picture, blurred(picture), heat, steps)


def curve_area(curve: Curve) -> float:
    """The area under a curve over the share of pixels, 0..1: of a deletion, less is better; of an insertion, more."""
    return float((curve[1:] + curve[:-1]).mean() / 2)


def energy_inside(heat: Heat, alpha: Alpha) -> float:
    """The share of a map's positive heat that lies on the product, 0..1; nan for a map without any.

    Args:
        heat: of any size and range; what is below 0 speaks against and does not count.
        alpha: float32 in 0..1 of any size, where the product is.
    """
    positive = np.maximum(heat, 0)
    total = float(positive.sum())
    inside = cv2.resize(alpha, (heat.shape[1], heat.shape[0]), interpolation=cv2.INTER_AREA)
    return float((positive * inside).sum()) / total if total > 0 else float("nan")


def points_inside(heat: Heat, alpha: Alpha, *, tolerance: float = 0.03) -> bool:
    """Whether the hottest place lies on the product, or within a tolerance of it.

    Args:
        heat: of any size and range.
        alpha: float32 in 0..1 of any size, where the product is.
        tolerance: of the longer side; 15 pixels of some 500 as published.
    """
    y, x = np.unravel_index(int(heat.argmax()), heat.shape)
    height, width = alpha.shape
    across, down = (x + 0.5) / heat.shape[1] * width, (y + 0.5) / heat.shape[0] * height
    reach = tolerance * max(height, width)
    y0, y1 = max(0, int(down - reach)), int(down + reach) + 1
    x0, x1 = max(0, int(across - reach)), int(across + reach) + 1
    return bool((alpha[y0:y1, x0:x1] > 0.5).any())


def _curve(score: Scorer, target: Rgb, start: Rgb, heat: Heat, steps: int) -> Curve:
    """The score on the way from one picture to another, the hottest pixels first."""
    height, width = start.shape[:2]
    order = np.argsort(-cv2.resize(heat, (width, height), interpolation=cv2.INTER_LINEAR), axis=None, kind="stable")
    picture, scores = start.copy(), [score(start)]
    flat, wanted = picture.reshape(-1, 3), target.reshape(-1, 3)
    for part in np.array_split(order, steps):
        flat[part] = wanted[part]
        scores.append(score(picture))
    return np.asarray(scores, np.float64)
