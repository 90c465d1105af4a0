"""RISE: what a network's answer is, on the mean, where a place of the photo can be seen.

Petsiuk, Das and Saenko 2018 (RISE: randomized input sampling for explanation of black-box models). Coarse random masks,
enlarged smoothly and shifted by part of a cell, show parts of the photo; each counts by the score it got.

Deviation: the authors draw every mask by itself, and take thousands of them, for what other cells do is noise in the
mean of each. Here masks come in rounds that are balanced (`balanced_cells`): any three cells are shown in all eight
ways equally often, so that what single cells and pairs of them do cancels. The masks of a round are shifted alike; each
mask by itself is as random as theirs. What that saves: docs/decisions/0063-cheaper-explanations.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.explanation.scorer import Heat, Scorer, small
from packshot.values import Rgb

__all__ = ["balanced_cells", "rise_map"]


def rise_map(score: Scorer, rgb: Rgb, *, masks: int = 128, cells: int = 7, seed: int = 0) -> Heat:
    """How much seeing a place raises the score.

    Args:
        score: of a picture of any size.
        rgb: uint8 (h, w, 3).
        masks: how many; 128 are a round of balanced masks of 7 cells a side.
        cells: along each side of a mask (7 as published); each is shown with a chance of one half (as published).
        seed: of the masks.

    Returns:
        float32 (h', w') at the working size, the longer side at most 320 pixels: the mean score of the masks that show
        a place, less the mean of all.
    """
    picture = small(rgb)
    height, width = picture.shape[:2]
    weighted, weight, scores = np.zeros((height, width), np.float64), np.zeros((height, width), np.float64), []
    for mask in islice(_masks(height, width, cells, np.random.default_rng(seed)), masks):
        found = score(np.asarray(np.rint(picture * mask[..., None]), np.uint8))
        weighted += found * mask
        weight += mask
        scores.append(found)
    return np.asarray(weighted / np.maximum(weight, 1e-6) - np.mean(scores), np.float32)


def balanced_cells(count: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which cells each mask of a round shows; every mask is followed by its complement.

    A Hadamard matrix and its negative, their columns in a random order and of random sign: a randomised orthogonal
    array of strength three (Owen 1992, Orthogonal arrays for computer experiments, integration and visualization).

    Args:
        count: of cells.
        rng: draws.

    Returns:
        bool (2 n, count), n the power of two from `count` on.
    """
    hadamard = np.ones((1, 1), np.int8)
    while len(hadamard) < count:
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    shown = rng.permutation(hadamard)[:, rng.permutation(len(hadamard))[:count]] > 0
    shown ^= rng.random(count) < 0.5
    return np.stack([shown, ~shown], axis=1).reshape(-1, count)


def _masks(height: int, width: int, cells: int, rng: np.random.Generator) -> Iterator[NDArray[np.float32]]:
    """Masks of a picture without end, float32 (height, width) in 0..1."""
    tall, wide = -(-height // cells), -(-width // cells)
    while True:
        y, x = int(rng.integers(0, tall)), int(rng.integers(0, wide))
        for shown in balanced_cells((cells + 1) ** 2, rng):
            grid = shown.reshape(cells + 1, cells + 1).astype(np.float32)
            large = cv2.resize(grid, ((cells + 1) * wide, (cells + 1) * tall), interpolation=cv2.INTER_LINEAR)
            yield np.asarray(large[y : y + height, x : x + width], np.float32)
