"""How much of a picture is really there: enlarged and blurred copies are larger, not better."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.values import Grey, Rgb

__all__ = ["detail", "roughness"]

_LOST = 0.04  # of the picture's contrast: shrinking to odd sizes alone takes half of that
_FACTORS = tuple(float(2 ** (-step / 4)) for step in range(1, 13))  # down to an eighth of the side
_LOOK = 1600  # pixels of the longer side that are looked at, in the middle
_BLOCK = 8  # pixels: a JPEG's


def detail(rgb: Rgb) -> float:
    """The pixels of the smallest picture from which this one can be restored.

    It is shrunk and enlarged again, a fourth of an octave smaller each time, until more than 4 % of its contrast is
    gone. So a picture enlarged by two counts as what it was enlarged from, and a blurred one as one of that sharpness.

    Args:
        rgb: uint8 (h, w, 3).

    Returns:
        Pixels, at most h * w.
    """
    height, width = rgb.shape[:2]
    grey = _middle(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)).astype(np.float32)
    high, wide = grey.shape
    allowed = _LOST * float(grey.std())
    kept = 1.0
    for factor in _FACTORS:
        size = round(wide * factor), round(high * factor)
        if min(size) < 8:
            break
        less = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        back = cv2.resize(less, (wide, high), interpolation=cv2.INTER_CUBIC)
        if float(np.sqrt(np.mean((back - grey) ** 2))) > allowed:
            break
        kept = factor
    return float(height * width * kept * kept)


def roughness(rgb: Rgb) -> float:
    """How much stronger steps are along the grid of 8 x 8 blocks than elsewhere: what a poor JPEG leaves.

    Args:
        rgb: uint8 (h, w, 3).

    Returns:
        0 for none; 1 where they are twice as strong.
    """
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.int16)
    ratios = []
    for steps in (np.abs(np.diff(grey, axis=1)), np.abs(np.diff(grey, axis=0)).T):
        columns = steps.mean(axis=0)
        places = np.arange(len(columns)) % _BLOCK == _BLOCK - 1
        if not places.any() or places.all():
            return 0.0
        ratios.append(float(columns[places].mean()) / max(float(columns[~places].mean()), 1e-6))
    return max(0.0, float(np.mean(ratios)) - 1)


def _middle(grey: Grey) -> Grey:
    height, width = grey.shape
    top, left = max(0, (height - _LOOK) // 2), max(0, (width - _LOOK) // 2)
    return grey[top : top + _LOOK, left : left + _LOOK]
