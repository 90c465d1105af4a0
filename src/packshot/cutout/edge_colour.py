"""The product's own colour where it mixes with the old background, so that no halo of it stays."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha, Rgb

__all__ = ["MARGIN", "foreground_colours"]

Floats = NDArray[np.float32]

#: Transparent pixels this near to the product carry its colour, so that a resize of the straight RGBA picture
#: mixes nothing foreign in; further out they are 0, which compresses to nothing.
MARGIN = 2
_FAR, _NEAR = 90, 6  # radii of the paper, for a picture of ...
_REFERENCE = 1024.0  # ... this geometric mean side, in pixels
_WORK_PIXELS = 250_000  # the blurred fields are smooth: they are computed on a grid of about this size


def foreground_colours(rgb: Rgb, alpha: Alpha) -> Rgb:
    """Estimate the product's colour in every half-transparent pixel.

    Blur-fusion (Forte 2021, "Approximate Fast Foreground Colour Estimation"): a wide and then a narrow
    alpha-weighted blur estimate foreground and background around each pixel, and the pixel's own deviation
    from their mixture is given back to the foreground. Deviations from the paper: the blurs run on a smaller
    grid over the box of the band, their radii follow the picture's size, and only half-transparent pixels are
    changed.

    Args:
        rgb: uint8 (h, w, 3), the photo.
        alpha: float32 (h, w) in 0..1.

    Returns:
        uint8 (h, w, 3): the photo where alpha is 1, estimated colours where it is between, and up to `MARGIN`
        pixels beyond; 0 further out.
    """
    solid = alpha >= 1.0
    window = np.ones((2 * MARGIN + 1, 2 * MARGIN + 1), np.uint8)
    present = cv2.dilate((alpha > 0).astype(np.uint8), window)
    band = present.astype(bool) & ~solid
    colours = np.asarray(rgb * present[..., None], np.uint8)
    rows, columns = np.flatnonzero(band.any(axis=1)), np.flatnonzero(band.any(axis=0))
    if rows.size == 0 or not (alpha > 0).any():
        return colours
    # Colours well inside and outside the band are the evidence: keep the narrow blur's reach around it.
    scale = math.sqrt(rgb.shape[0] * rgb.shape[1]) / _REFERENCE
    reach = math.ceil(2 * _NEAR * scale) + 1
    box = (
        slice(max(0, int(rows[0]) - reach), int(rows[-1]) + 1 + reach),
        slice(max(0, int(columns[0]) - reach), int(columns[-1]) + 1 + reach),
    )
    inner, opacity = rgb[box], alpha[box]
    front, back = _fields(inner, opacity, scale=scale)
    at = np.nonzero(band[box])
    colours[box][at] = _fuse(inner, opacity, front, back, at)
    return colours


def _fields(rgb: Rgb, alpha: Alpha, *, scale: float) -> tuple[Floats, Floats]:
    """Smooth foreground and background colours on a smaller grid: two float32 (h', w', 3) in 0..1."""
    height, width = alpha.shape
    shrink = min(1.0, math.sqrt(_WORK_PIXELS / (height * width)))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    picture = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.float32) * np.float32(1 / 255)
    opacity = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)[..., None]
    front: Floats = picture
    back: Floats = picture
    for radius in (_FAR, _NEAR):
        side = 2 * max(1, round(radius * scale * shrink)) + 1
        weight = cv2.blur(opacity, (side, side))[..., None]
        blurred_front = cv2.blur(front * opacity, (side, side)) / (weight + np.float32(1e-5))
        back = cv2.blur(back * (1 - opacity), (side, side)) / (1 - weight + np.float32(1e-5))
        if radius == _NEAR:
            return blurred_front, back
        rest = picture - opacity * blurred_front - (1 - opacity) * back
        front = np.clip(blurred_front + opacity * rest, 0, 1)
    raise AssertionError("unreachable")


def _fuse(rgb: Rgb, alpha: Alpha, front: Floats, back: Floats, at: tuple[NDArray[np.intp], ...]) -> Rgb:
    """Give each chosen pixel's deviation from the mixture back to its foreground: uint8 (n, 3)."""
    size = alpha.shape[::-1]
    opacity = alpha[at][:, None]
    near_front = cv2.resize(front, size, interpolation=cv2.INTER_LINEAR)[at]
    near_back = cv2.resize(back, size, interpolation=cv2.INTER_LINEAR)[at]
    pixel = rgb[at].astype(np.float32) * np.float32(1 / 255)
    fused = near_front + opacity * (pixel - opacity * near_front - (1 - opacity) * near_back)
    return np.asarray(np.rint(np.clip(fused, 0, 1) * 255), np.uint8)
