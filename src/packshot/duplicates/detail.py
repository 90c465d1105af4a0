"""How much of a picture is really there: enlarged and blurred copies are larger, not better."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Grey, Rgb

__all__ = ["detail", "roughness"]

_LOST = 0.04  # of the picture's contrast: shrinking to odd sizes alone takes half of that
_FACTORS = tuple(float(2 ** (-step / 4)) for step in range(1, 13))  # down to an eighth of the side
_LOOK = 1600  # pixels of the longer side that are looked at, in the middle
_BLOCK = 8  # pixels: a JPEG's


def detail(rgb: Rgb, background: NDArray[np.bool_] | None = None) -> float:
    """The pixels of the smallest picture from which this one can be restored.

    It is shrunk and enlarged again, a fourth of an octave smaller each time, until more than 4 % of its contrast is
    gone. So a picture enlarged by two counts as what it was enlarged from, and a blurred one as one of that sharpness.

    A white background is left out, and the edge to it, which a cut-out has at any size.

    Args:
        rgb: uint8 (h, w, 3).
        background: bool, the white background, of the picture or of a smaller copy of it.

    Returns:
        Pixels, at most h * w.
    """
    height, width = rgb.shape[:2]
    product = _product(background, size=(width, height))
    grey = _middle(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)).astype(np.float32)
    inside = _middle(product) > 0
    if not inside.any():
        return 0.0
    high, wide = grey.shape
    allowed = _LOST * float(grey[inside].std())
    kept = 1.0
    for factor in _FACTORS:
        size = round(wide * factor), round(high * factor)
        if min(size) < 8:
            break
        less = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        back = cv2.resize(less, (wide, high), interpolation=cv2.INTER_CUBIC)
        if float(np.sqrt(np.mean((back - grey)[inside] ** 2))) > allowed:
            break
        kept = factor
    return float(np.count_nonzero(product) * kept * kept)


def roughness(rgb: Rgb) -> float:
    """How much stronger steps are along a grid of 8 x 8 blocks than elsewhere: what a poor JPEG leaves.

    The grid may begin anywhere, as it does in a crop.

    Args:
        rgb: uint8 (h, w, 3).

    Returns:
        0 for none; 1 where they are twice as strong.
    """
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.int16)
    ratios = []
    for steps in (np.abs(np.diff(grey, axis=1)).mean(axis=0), np.abs(np.diff(grey, axis=0)).mean(axis=1)):
        if len(steps) < 2 * _BLOCK:
            return 0.0
        lines = [float(steps[start::_BLOCK].mean()) for start in range(_BLOCK)]
        middle = float(np.median(lines))
        ratios.append(max(lines) / middle if middle > 0 else 1.0)
    return float(np.mean(ratios)) - 1


def _product(background: NDArray[np.bool_] | None, *, size: tuple[int, int]) -> Grey:
    """1 for what is not background nor near it: two of its own pixels."""
    if background is None or not background.any():
        return np.ones((size[1], size[0]), np.uint8)
    inner = cv2.erode((~background).astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.asarray(cv2.resize(inner, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _middle(grey: Grey) -> Grey:
    height, width = grey.shape
    top, left = max(0, (height - _LOOK) // 2), max(0, (width - _LOOK) // 2)
    return grey[top : top + _LOOK, left : left + _LOOK]
