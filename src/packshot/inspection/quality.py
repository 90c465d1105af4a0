"""Sharpness, exposure and clipping of the product."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.resizing import downscaled, downscaled_size
from packshot.values import Box, Rgb

__all__ = ["Selection", "clipped", "exposure", "luma", "sharpness"]

Selection = NDArray[np.bool_]
"""bool (h, w): the pixels that are measured."""

_NORMAL_SIDE = 1024  # the product's longer side when its sharpness is measured, so that cameras compare
_BLUR = 11  # side of the box filter, from the paper
_RIM = 6  # pixels left out at the product's edge: a cut edge is always sharp


def luma(rgb: Rgb) -> NDArray[np.uint8]:
    """Luma, uint8 (h, w). Source: ITU-R BT.601 weights .299, .587, .114 on display values, as in JPEG."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def exposure(rgb: Rgb, selection: Selection) -> float:
    """Mean luma of the selected pixels, 0 (black) .. 1 (white); 0.5 if none is selected."""
    if not selection.any():
        return 0.5
    return float(cv2.mean(luma(rgb), mask=selection.view(np.uint8))[0]) / 255


def clipped(rgb: Rgb, selection: Selection) -> tuple[float, float]:
    """Shares of the selected pixels that hold no detail any more.

    Args:
        rgb: uint8 (h, w, 3).
        selection: bool (h, w).

    Returns:
        (highlights: a channel is 255; shadows: every channel is at most 2), each 0..1.
    """
    total = np.count_nonzero(selection)
    if total == 0:
        return 0.0, 0.0
    red, green, blue = cv2.split(rgb)
    brightest = cv2.max(cv2.max(red, green), blue)
    highlights = np.count_nonzero((brightest == 255) & selection)
    shadows = np.count_nonzero((brightest <= 2) & selection)
    return int(highlights) / int(total), int(shadows) / int(total)


def sharpness(rgb: Rgb, selection: Selection, box: Box) -> float:
    """How much detail a blur would destroy: 0 (flat or blurred) .. 1 (crisp).

    One minus the blur measure of the source, on the product scaled down to 1024 pixels, so that neither the
    camera's resolution nor the size in the frame counts, but for products smaller than that. Two
    deviations: the sums run over the product without its rim, and a picture without any gradient gives 0.

    Below about 0.2 the steps of the 8-bit values themselves are what is left to blur: there, heavier blurs no
    longer score lower. Noise counts as detail.

    Source: Crete, Dolmiere, Ladret, Nicolas, "The blur effect: perception and estimation with a new
    no-reference perceptual blur metric", SPIE 6492, 2007.

    Args:
        rgb: uint8 (h, w, 3).
        selection: bool (h, w), the product.
        box: around the product.
    """
    grey = luma(rgb)[box.slices]
    chosen = selection[box.slices].view(np.uint8)
    if max(box.size) > _NORMAL_SIDE:
        grey = downscaled(grey, _NORMAL_SIDE)
        size = downscaled_size(box.size, _NORMAL_SIDE)
        chosen = np.asarray(cv2.resize(chosen, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    if selection.all():
        inner = chosen.astype(bool)
        inner[:2] = inner[-2:] = False  # as in the reference implementation: no gradient of the border
        inner[:, :2] = inner[:, -2:] = False
    else:
        kernel = np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)
        inner = cv2.erode(chosen, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0).astype(bool)
    if not inner.any():
        inner = chosen.astype(bool)
    values = grey.astype(np.float32)
    blur = max(_blur_along(values, inner, axis) for axis in (0, 1))
    return float(1.0 - blur)


def _blur_along(grey: NDArray[np.float32], inner: Selection, axis: int) -> float:
    ksize = (1, _BLUR) if axis == 0 else (_BLUR, 1)
    blurred = cv2.blur(grey, ksize, borderType=cv2.BORDER_REFLECT)
    dx, dy = (0, 1) if axis == 0 else (1, 0)
    before, after = (
        np.abs(cv2.Sobel(each, cv2.CV_32F, dx, dy, ksize=3, borderType=cv2.BORDER_REFLECT)) for each in (grey, blurred)
    )
    marked = inner.view(np.uint8)
    total = cv2.norm(before, cv2.NORM_L1, marked)
    if total == 0:
        return 1.0
    lost = cv2.norm(np.maximum(before - after, 0), cv2.NORM_L1, marked)
    return (total - lost) / total
