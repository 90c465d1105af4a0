"""What the frame network sees of a photo: the outermost quarter of each side; shared by training and inspection."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Box, Rgb

__all__ = ["DEPTH", "LENGTH", "REACH", "SHEET", "band_widths", "inner_box", "side_strips", "strip_sheet"]

#: Rows of a strip, from the outer edge inwards.
DEPTH = 64
#: Columns of a strip, along the side.
LENGTH = 128
#: How far a strip reaches inwards, as a fraction of the picture's width or height.
REACH = 0.25
#: (width, height) of the four strips one above the other, as the network takes them.
SHEET = (LENGTH, 4 * DEPTH)

_ACROSS = round(DEPTH / REACH)  # rows a strip would have, did it reach across the whole picture
_NEAR = 2.5  # rows around the most probable boundary that are averaged


def side_strips(rgb: Rgb) -> NDArray[np.uint8]:
    """The outermost quarters of the four sides, turned so that the outer edge is row 0 and rows run inwards.

    Columns run from top to bottom (left, right) or from left to right (top, bottom). A photo of 1 megapixel takes one
    core 0.8 ms, one of 12 megapixels 1.1 ms: a linear step reads only what it needs, and at these sizes comes near an
    area average, which takes 3.7 and 35 ms.

    Args:
        rgb: uint8 (h, w, 3), of any size.

    Returns:
        uint8 (4, 64, 128, 3): left, top, right, bottom.
    """
    square = cv2.resize(rgb, (2 * _ACROSS, 2 * _ACROSS), interpolation=cv2.INTER_LINEAR)
    half = cv2.resize(square, (_ACROSS, _ACROSS), interpolation=cv2.INTER_AREA)
    # At exactly one half, linear is the mean of two pixels.
    low = cv2.resize(half, (_ACROSS, LENGTH), interpolation=cv2.INTER_LINEAR)
    narrow = cv2.resize(half, (LENGTH, _ACROSS), interpolation=cv2.INTER_LINEAR)
    sides = (low[:, :DEPTH].swapaxes(0, 1), narrow[:DEPTH], low[:, : -DEPTH - 1 : -1].swapaxes(0, 1))
    return np.stack([*sides, narrow[: -DEPTH - 1 : -1]]).astype(np.uint8, copy=False)


def strip_sheet(rgb: Rgb) -> Rgb:
    """The four strips one above the other, as one picture: uint8 (256, 128, 3)."""
    return side_strips(rgb).reshape(4 * DEPTH, LENGTH, 3)


def band_widths(sides: NDArray[np.float32], *, threshold: float = 0.5) -> NDArray[np.float32]:
    """How wide a frame's band is on each side, from the network's probabilities.

    Args:
        sides: (..., 65) probabilities: place 0 is "no band", place k "the band ends after row k of the strip".
        threshold: the probability of a band from which there is one.

    Returns:
        float32 (...): fractions of the picture's width or height, 0 where there is no band.
    """
    places = np.arange(1, DEPTH + 1, dtype=np.float32)
    bands = sides[..., 1:]
    near = np.abs(places - places[bands.argmax(axis=-1)][..., None]) <= _NEAR
    weights = np.where(near, bands, 0)
    place = (weights * places).sum(axis=-1) / np.maximum(weights.sum(axis=-1), 1e-9)
    return np.where(1 - sides[..., 0] >= threshold, place / _ACROSS, 0).astype(np.float32)


def inner_box(widths: NDArray[np.float32], *, size: tuple[int, int]) -> Box:
    """The picture inside bands of these widths, in whole pixels.

    Args:
        widths: (4,) of left, top, right, bottom, fractions of the picture's width or height, each at most a quarter.
        size: (width, height) of the picture in pixels.
    """
    width, height = size
    left, top, right, bottom = (round(float(v)) for v in widths * (width, height, width, height))
    return Box(left, top, width - right, height - bottom)
