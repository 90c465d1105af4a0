"""RISE: what a network's answer is, on the mean, where a place of the photo can be seen.

Petsiuk, Das and Saenko 2018 (RISE: randomized input sampling for explanation of black-box models). Coarse random masks,
enlarged smoothly and shifted by part of a cell, show parts of the photo; each counts by the score it got.
"""

from __future__ import annotations

import cv2
import numpy as np

from packshot.explanation.scorer import Heat, Scorer, small
from packshot.values import Rgb

__all__ = ["rise_map"]


def rise_map(score: Scorer, rgb: Rgb, *, masks: int = 400, cells: int = 7, shown: float = 0.5, seed: int = 0) -> Heat:
    """How much seeing a place raises the score.

    Args:
        score: of a picture of any size.
        rgb: uint8 (h, w, 3).
        masks: random masks; the noise falls with the square root of their number.
        cells: along each side of a mask (7 as published).
        shown: chance that a cell is shown, 0..1 (0.5 as published).
        seed: of the masks.

    Returns:
        float32 (h', w') at the working size, the longer side at most 320 pixels: the mean score of the masks that show
        a place, less the mean of all.
    """
    picture = small(rgb)
    height, width = picture.shape[:2]
    tall, wide = -(-height // cells), -(-width // cells)
    rng = np.random.default_rng(seed)
    weighted, weight, scores = np.zeros((height, width), np.float64), np.zeros((height, width), np.float64), []
    for _ in range(masks):
        grid = (rng.random((cells + 1, cells + 1)) < shown).astype(np.float32)
        large = cv2.resize(grid, ((cells + 1) * wide, (cells + 1) * tall), interpolation=cv2.INTER_LINEAR)
        y, x = int(rng.integers(0, tall)), int(rng.integers(0, wide))
        mask = large[y : y + height, x : x + width]
        found = score(np.asarray(np.rint(picture * mask[..., None]), np.uint8))
        weighted += found * mask
        weight += mask
        scores.append(found)
    return np.asarray(weighted / np.maximum(weight, 1e-6) - np.mean(scores), np.float32)
