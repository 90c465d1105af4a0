"""The product's own colour where it mixes with the old background, so that no halo of it stays."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.chroma_bleed import without_bleed
from packshot.cutout.sampling import sample
from packshot.values import Alpha, AnyArray, Rgb

__all__ = ["MARGIN", "foreground_colours"]

Floats = NDArray[np.float32]

#: Transparent pixels this near to the product carry its colour, so that a resize of the straight RGBA picture
#: mixes nothing foreign in; further out they are 0, which compresses to nothing.
MARGIN = 2
_RADII = (90, 40, 20, 10, 5)  # of the blurs, wide to narrow, in a picture of ...
_REFERENCE = 1024.0  # ... this geometric mean side, in pixels
_WORK_PIXELS = 60_000  # blurred fields are smooth: no grid is finer than this ...
_GRID_RADIUS = 10.0  # ... nor so fine that a blur's radius is more of its pixels than this
_TIE = np.float32(1e-4)  # weight of the wider estimate where a narrow window holds no evidence


def foreground_colours(rgb: Rgb, alpha: Alpha) -> Rgb:
    """Estimate the product's colour along its outline, half transparent or not.

    Blur-fusion (Forte 2021, "Approximate Fast Foreground Colour Estimation"): alpha-weighted blurs estimate
    foreground and background around each pixel, and the pixel's own deviation from their mixture is given back
    to the foreground. Deviations from the paper, each measured by ``benchmarks/edge_colour.py``: four radii
    instead of two, each starting from the one before; weights alpha^3 instead of alpha; wide blurs run on
    smaller grids; radii follow the picture's size; only half-transparent pixels are changed. What the photo's file
    spread of the background's colour over the rim, opaque or not, is taken out afterwards; see `without_bleed`.

    Args:
        rgb: uint8 (h, w, 3), the photo.
        alpha: float32 (h, w) in 0..1.

    Returns:
        uint8 (h, w, 3): the photo where alpha is 1, its hue and saturation corrected on the three pixels along the
        outline; estimated colours where alpha is between, and up to `MARGIN` pixels beyond; 0 further out.
    """
    visible = (alpha > 0).view(np.uint8)
    present = cv2.dilate(visible, np.ones((2 * MARGIN + 1, 2 * MARGIN + 1), np.uint8))
    band = np.asarray(present, np.uint8) & (alpha < 1).view(np.uint8)
    colours = np.asarray(cv2.copyTo(rgb, present), np.uint8)
    x, y, width, height = cv2.boundingRect(band)
    if not visible.any():
        return colours
    if width:
        _fill(colours, rgb, alpha, band, (x, y, width, height))
    return without_bleed(colours, rgb, alpha)


def _fill(colours: Rgb, rgb: Rgb, alpha: Alpha, band: NDArray[np.uint8], around: Sequence[int]) -> None:
    """Estimate the colours of the band's pixels, which lie in the box x, y, width, height."""
    x, y, width, height = around
    scale = math.sqrt(rgb.shape[0] * rgb.shape[1]) / _REFERENCE
    # Evidence is what lies within a middling blur's reach of the band.
    reach = math.ceil(_RADII[2] * scale)
    top, bottom = _even(y - reach, y + height + reach, rgb.shape[0])
    left, right = _even(x - reach, x + width + reach, rgb.shape[1])
    box = slice(top, bottom), slice(left, right)
    front, back = _fields(rgb[box], alpha[box], scale=scale)
    at = np.flatnonzero(band.view(np.bool_))
    rows, columns = np.divmod(at, rgb.shape[1])
    near_front, near_back = (sample(field, (rows - top, columns - left), alpha[box].shape) for field in (front, back))
    colours.reshape(-1, 3)[at] = _fuse(rgb.reshape(-1, 3)[at], alpha.ravel()[at], near_front, near_back)


def _even(start: int, stop: int, length: int) -> tuple[int, int]:
    """A stretch within 0..length, one pixel longer where it is odd and there is room: halves of it are exact."""
    start, stop = max(0, start), min(length, stop)
    if (stop - start) % 2 and stop < length:
        return start, stop + 1
    return max(0, start - (stop - start) % 2), stop


def _fields(rgb: Rgb, alpha: Alpha, *, scale: float) -> tuple[Floats, Floats]:
    """Smooth foreground and background colours on a smaller grid: two float32 (h', w', 3) in 0..1."""
    height, width = alpha.shape
    finest = min(1.0, math.sqrt(_WORK_PIXELS / (height * width)))
    picture = _shrink(rgb, finest) * np.float32(1 / 255)
    # The opacity once per channel: plain products of equal shapes are several times faster than broadcasts.
    opacity = cv2.merge([_shrink(alpha, finest)] * 3)
    front = back = np.full((1, 1, 3), 0.5, np.float32)
    for radius in _RADII:
        shrink = min(1.0, _GRID_RADIUS / (radius * scale * finest))
        side = 2 * max(1, round(radius * scale * finest * shrink)) + 1
        mixture, share = _shrink(picture, shrink), _shrink(opacity, shrink)
        front, back = (_enlarge(field, (share.shape[1], share.shape[0])) for field in (front, back))
        absence = 1 - share
        rest = mixture - share * front - absence * back
        # Cubed, so that a blur listens to what is surely product, or surely background.
        front = _spread(front, front + share * rest, share * share * share, side)
        back = _spread(back, back + absence * rest, absence * absence * absence, side)
    return front, back


def _spread(wider: Floats, colours: Floats, weight: Floats, side: int) -> Floats:
    """Weighted blur of the colours, tied to the wider estimate: float32 (h', w', 3); all channels weigh the same."""
    total = cv2.blur(cv2.extractChannel(weight, 0), (side, side)) + _TIE
    weighted = np.clip(colours, 0, 1)
    weighted *= weight
    spread = np.asarray(cv2.blur(weighted, (side, side)), np.float32)
    spread += _TIE * wider
    spread /= cv2.merge([total] * 3)
    return spread


def _shrink(field: AnyArray, factor: float) -> Floats:
    """A smaller copy by area averaging; of exact halves first, which is four times as quick."""
    size = max(1, round(field.shape[1] * factor)), max(1, round(field.shape[0] * factor))
    height, width = field.shape[0] // 2, field.shape[1] // 2
    if field.shape[:2] == (2 * height, 2 * width) and size[0] <= width and size[1] <= height:
        field = cv2.resize(field, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(field, size, interpolation=cv2.INTER_AREA), np.float32)


def _enlarge(field: Floats, size: tuple[int, int]) -> Floats:
    return np.asarray(cv2.resize(field, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _fuse(pixels: Rgb, alpha: Alpha, front: Floats, back: Floats) -> Rgb:
    """Give each pixel's deviation from the mixture back to its foreground.

    Args:
        pixels: uint8 (n, 3), of the photo.
        alpha: float32 (n,) in 0..1.
        front: float32 (n, 3) in 0..1, the foreground around; overwritten.
        back: the same of the background; overwritten.

    Returns:
        uint8 (n, 3).
    """
    # front + alpha (pixel - alpha front - (1 - alpha) back), in place: a fresh array costs more than the sum in it.
    opacity = cv2.merge([alpha] * 3).reshape(-1, 3)
    deviation = pixels.astype(np.float32) * np.float32(1 / 255)
    deviation -= back
    np.subtract(front, back, out=back)
    back *= opacity
    deviation -= back
    deviation *= opacity
    deviation += front
    np.clip(deviation, 0, 1, out=deviation)
    return np.asarray(cv2.convertScaleAbs(deviation, alpha=255), np.uint8)
