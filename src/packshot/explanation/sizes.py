"""Heatmaps at other sizes."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.explanation.scorer import Heat
from packshot.resizing import downscaled_size
from packshot.values import Alpha

__all__ = ["resized", "working_size"]

#: Longer side, in pixels, of the maps that are kept: networks' own have 7 to 32.
LONGEST = 192


def working_size(size: tuple[int, int]) -> tuple[int, int]:
    """(width, height) of a photo's heatmaps: its own shape, the longer side at most 192 pixels."""
    return downscaled_size(size, LONGEST)


def resized(heat: Heat, *, size: tuple[int, int], alpha: Alpha | None = None) -> Heat:
    """A heatmap at another size, bilinear, cleaned with a mask where there is one.

    Args:
        heat: float32 (h, w) in 0..1.
        size: (width, height) in pixels: of the photo, say.
        alpha: float32 (height, width) in 0..1; heat is multiplied by it, so that none is left on the background.

    Returns:
        float32 (height, width) in 0..1.
    """
    large = np.asarray(cv2.resize(heat, size, interpolation=cv2.INTER_LINEAR), np.float32)
    # Resampling rounds: both may exceed 1 by the last bit.
    return np.clip(large if alpha is None else large * alpha, np.float32(0), np.float32(1))
