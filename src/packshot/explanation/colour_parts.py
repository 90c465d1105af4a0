"""Parts of a region that differ in colour: a shirt over trousers, shoes below them. Nobody says what they are."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Box, Rgb

__all__ = ["colour_parts"]

_COLOURS = 5
_WEIGHTS = np.array([0.6, 1.2, 1.2], np.float32)  # of lightness, which shade changes, and of the two colour axes
_HEIGHT = 60.0  # what the whole height of the photo counts, in units of Lab
_SAMPLE, _ROUNDS = 4000, 20
_SMALLEST = 0.006  # of the photo
_MOST = 2  # parts of one colour, the largest
_FEW = 200  # pixels: of fewer there are no parts


def colour_parts(rgb: Rgb, region: NDArray[np.bool_]) -> tuple[Box, ...]:
    """Boxes around the connected parts of one colour.

    The region's pixels are clustered by colour and height (k-means, five means), each cleaned of threads of two pixels.

    Args:
        rgb: uint8 (h, w, 3).
        region: bool (h, w), such as where garments are.

    Returns:
        In the photo's pixels, at most ten.
    """
    ys, xs = np.nonzero(region)
    if ys.size < _FEW:
        return ()
    smooth = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB).astype(np.float32), (0, 0), 2)
    seen = np.concatenate([smooth[ys, xs] * _WEIGHTS, ys[:, None] / np.float32(rgb.shape[0]) * _HEIGHT], 1)
    whose = _clustered(np.asarray(seen, np.float32))
    found = []
    for colour in range(_COLOURS):
        part = np.zeros(region.shape, np.uint8)
        part[ys[whose == colour], xs[whose == colour]] = 1
        part = np.asarray(cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)), np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(part)
        largest = sorted(stats[1:].tolist(), key=lambda each: -each[cv2.CC_STAT_AREA])[:_MOST]
        found += [Box(x, y, x + w, y + h) for x, y, w, h, area in largest if area > _SMALLEST * region.size]
    return tuple(found)


def _clustered(seen: NDArray[np.float32]) -> NDArray[np.int64]:
    """Which of the means each pixel belongs to; the same for the same pixels."""
    rng = np.random.default_rng(0)
    sample = seen[rng.choice(len(seen), min(_SAMPLE, len(seen)), replace=False)]
    means = sample[:1]
    for _ in range(_COLOURS - 1):  # the farthest from those there are
        far = ((sample[:, None] - means[None]) ** 2).sum(2).min(1)
        means = np.concatenate([means, sample[[int(far.argmax())]]])
    for _ in range(_ROUNDS):
        near = ((sample[:, None] - means[None]) ** 2).sum(2).argmin(1)
        means = np.stack([sample[near == at].mean(0) if (near == at).any() else means[at] for at in range(_COLOURS)])
    return np.asarray(((seen[:, None] - means[None]) ** 2).sum(2).argmin(1), np.int64)
