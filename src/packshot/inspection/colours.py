"""The colours of a product in the words people use, measured within its mask."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha, NamedColour, Rgb

__all__ = ["COLOUR_NAMES", "named_colours"]

# CIELAB, D65. Means of colours that people gave these names in the colour survey of xkcd (CC0,
# https://xkcd.com/color/rgb/), six to a name, of every second colour; black, grey and white are the axis. Four dark
# blues and three beiges were added by hand: navy was called purple, and few people wrote beige. The other half measures
# them: docs/decisions/0033-texts.md.
_ANCHORS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "black": ((0, 0, 0), (8, 0, 0), (13, 0, 0)),
    "white": ((91, 0, 0), (96, 0, 0), (97, 0, 5), (100, 0, 0)),
    "grey": ((28, 0, 0), (40, 0, 0), (52, 0, 0), (64, 0, 0), (76, 0, 0)),
    "red": ((25, 47, 18), (27, 48, 39), (35, 52, 47), (49, 51, 27), (49, 67, 36), (52, 76, 53)),
    "orange": ((52, 43, 59), (52, 53, 63), (66, 36, 56), (66, 43, 72), (72, 34, 53), (76, 25, 54)),
    "yellow": ((71, -10, 73), (80, -13, 79), (88, -4, 86), (94, -40, 88), (95, -13, 61), (96, -20, 90)),
    "green": ((37, -24, 30), (61, -44, 32), (62, -32, 63), (84, -67, 72), (85, -58, 43), (89, -36, 35)),
    "blue": (
        (13, 47, -65),
        (20, 20, -45),
        (18, 8, -26),
        (30, 6, -24),
        (7, 28, -43),
        (34, 58, -88),
        (47, -6, -27),
        (54, 22, -61),
        (77, -8, -26),
        (93, -22, -5),
    ),
    "purple": ((13, 34, -23), (26, 52, -46), (46, 25, -16), (46, 84, -77), (48, 59, -43), (74, 31, -37)),
    "pink": ((46, 64, 6), (56, 84, -7), (61, 81, -31), (66, 43, 13), (66, 63, -22), (80, 24, 1)),
    "brown": ((13, 9, 19), (28, 31, 38), (42, 2, 48), (45, 7, 29), (56, 3, 60), (66, 5, 31)),
    "beige": ((78, 5, 20), (85, 2, 16), (95, -4, 13), (87, -4, 27), (98, -10, 35)),
}

#: Every name there is.
COLOUR_NAMES = tuple(_ANCHORS)

_POINTS = np.float32([point for points in _ANCHORS.values() for point in points])
_OWNERS = np.repeat(np.arange(len(_ANCHORS)), [len(points) for points in _ANCHORS.values()])

_SOLID = 0.9  # alpha from which a pixel is the product's alone
_FEWEST = 64  # pixels to measure
_MOST = 40_000  # pixels looked at
_APART = 4.0  # CIELAB units by which the nearest name must beat the next one, for a pixel to have a name
_SHARE = 0.15  # of the product's pixels, to be one of its colours
_TOGETHER = 0.6  # of the product's pixels that its colours must make up, or nothing is said
_NAMES = 3


def named_colours(rgb: Rgb, alpha: Alpha) -> tuple[NamedColour, ...]:
    """The colours of a product, the largest first, at most three; none where no word can be stood by.

    A pixel has a name where the nearest one in CIELAB beats the next by four units. A name counts from 15 % of the
    product's pixels on, and all that are named must make up 60 % of them: a product of many colours has none.
    White balance is not corrected: in warm light white is called beige.

    Args:
        rgb: uint8 (h, w, 3), upright sRGB.
        alpha: float32 (h, w), 0..1; only pixels from 0.9 on count, without the outermost ones.

    Example:
        >>> red = np.full((20, 20, 3), (200, 20, 30), np.uint8)
        >>> [(colour.name, colour.share) for colour in named_colours(red, np.ones((20, 20), np.float32))]
        [('red', 1.0)]
    """
    solid = (alpha >= _SOLID).view(np.uint8)
    inner = cv2.erode(solid, np.ones((3, 3), np.uint8), iterations=2, borderType=cv2.BORDER_REPLICATE)
    chosen = inner if np.count_nonzero(inner) >= _FEWEST else solid
    pixels = rgb[chosen.astype(bool)]
    if len(pixels) < _FEWEST:
        return ()
    pixels = np.ascontiguousarray(pixels[:: max(1, len(pixels) // _MOST)])
    names, sure = _name(pixels)
    found = []
    for place, name in enumerate(_ANCHORS):
        mine = sure & (names == place)
        share = float(mine.mean())
        if share >= _SHARE:
            mean = tuple(round(float(value)) for value in pixels[mine].mean(axis=0))
            found.append(NamedColour(name, round(share, 4), (mean[0], mean[1], mean[2])))
    found.sort(key=lambda colour: (-colour.share, colour.name))
    return tuple(found[:_NAMES]) if sum(colour.share for colour in found[:_NAMES]) >= _TOGETHER else ()


def _name(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Of each pixel the place of its name, and whether it is clear: (n,) each."""
    lab = cv2.cvtColor((pixels[None] / np.float32(255)).astype(np.float32), cv2.COLOR_RGB2LAB)[0]
    squares = (lab**2).sum(axis=1)[:, None] + (_POINTS**2).sum(axis=1) - 2 * lab @ _POINTS.T
    away = np.sqrt(np.maximum(squares, 0))
    each = np.stack([away[:, place == _OWNERS].min(axis=1) for place in range(len(_ANCHORS))], axis=1)
    nearest = np.partition(each, 1, axis=1)
    return each.argmin(axis=1), nearest[:, 1] - nearest[:, 0] >= _APART
