"""The colours of a product in the words people use, measured within its mask."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha, NamedColour, Rgb

__all__ = ["COLOUR_NAMES", "named_colours"]

Lab = NDArray[np.float32]
Chosen = NDArray[np.bool_]

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

_GREYS = ("black", "white", "grey")

_SOLID = 0.9  # alpha from which a pixel is the product's alone
_FEWEST = 64  # pixels to measure
_MOST = 8_000  # pixels looked at: a share is then right to half a per cent
_APART = 4.0  # units by which the nearest name must beat the next one, for a pixel to have a name
_COLOURLESS, _COLOURED = 8.0, 12.0  # chroma up to which a pixel is grey, and from which on it is not
_DARK = 16.0  # lightness below which nobody tells a colour from black
_SHADED = (66.0, 86.0)  # lightness of greys that may be a white in shade
_DIM, _VIVID = 25.0, 18.0  # lightness below which, and chroma up to which a colour may be a reflection on black
_LIKE = 25.0  # CIELAB units within which two names are shades of one colour
_SHARE = 0.15  # of the product's pixels, to be one of its colours
_TOGETHER = 0.6  # of the product's pixels that its colours must make up, or nothing is said
_NAMES = 3


def named_colours(rgb: Rgb, alpha: Alpha) -> tuple[NamedColour, ...]:
    """The colours of a product, the largest first, at most three; none where no word can be stood by.

    A pixel with a chroma below 8 is black, grey or white, one above 12 is none of these, and one between has no name
    unless it is dark. Its name is that of the nearest anchor, with chroma taken by its square root, so that a pale pink
    is no grey; it must beat the next name by four units. Light greys, which may be white in shade, and dim colours,
    which may be reflections on black, have no name. Names whose mean colours lie within 25 CIELAB units are shades of
    one, and take the larger one's name. A name counts from 15 % of the product's pixels on, and all that are named must
    make up 60 % of them: a product of many colours has none. White balance is not corrected.

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
    places = np.flatnonzero(np.asarray(chosen).view(np.bool_))
    if len(places) < _FEWEST:
        return ()
    pixels = rgb.reshape(-1, 3)[places[:: max(1, len(places) // _MOST)]]
    lab = cv2.cvtColor((pixels[None] / np.float32(255)).astype(np.float32), cv2.COLOR_RGB2LAB)[0]
    names, sure = _name(lab)
    shades = _joined({place: sure & (names == place) for place in range(len(_ANCHORS))}, lab)
    found = []
    for place, mine in shades.items():
        share = float(mine.mean())
        if share >= _SHARE:
            mean = [round(float(value)) for value in pixels[mine].mean(axis=0)]
            found.append(NamedColour(COLOUR_NAMES[place], round(share, 4), (mean[0], mean[1], mean[2])))
    found.sort(key=lambda colour: (-colour.share, colour.name))
    return tuple(found[:_NAMES]) if sum(colour.share for colour in found[:_NAMES]) >= _TOGETHER else ()


def _joined(parts: dict[int, Chosen], lab: Lab) -> dict[int, Chosen]:
    """Each name's pixels, those of its shades among them; the largest first."""
    order = sorted((place for place in parts if parts[place].any()), key=lambda place: -int(parts[place].sum()))
    means = {place: lab[parts[place]].mean(axis=0) for place in order}
    kept: dict[int, Chosen] = {}
    for place in order:
        like = next((each for each in kept if np.linalg.norm(means[each] - means[place]) < _LIKE), None)
        if like is None:
            kept[place] = parts[place]
        else:
            kept[like] = kept[like] | parts[place]
    return kept


def _compressed(lab: Lab) -> Lab:
    """CIELAB with the square root of chroma in place of it, equal at 40."""
    chroma = np.linalg.norm(lab[:, 1:], axis=1, keepdims=True)
    return np.concatenate([lab[:, :1], lab[:, 1:] * np.sqrt(40 / np.maximum(chroma, 1e-3))], axis=1).astype(np.float32)


_POINTS = _compressed(np.array([point for points in _ANCHORS.values() for point in points], np.float32))
_ENDS = [0, *itertools.accumulate(map(len, _ANCHORS.values()))]
_OF_NAME = [slice(start, stop) for start, stop in itertools.pairwise(_ENDS)]  # each name's points
_COLOURLESS_NAMES = np.isin(COLOUR_NAMES, _GREYS)  # the first ones
_GREY_POINTS = _POINTS[: _ENDS[len(_GREYS)], 0]


def _nearest(distances: Lab, names: Sequence[slice[int, int, None]]) -> Lab:
    """The least distance to any point of each name: (names, n) of (points, n)."""
    # Ten times as quick as `np.minimum.reduceat`, which does not go along rows.
    return np.stack([distances[points].min(axis=0) for points in names])


def _name(lab: Lab) -> tuple[NDArray[np.intp], Chosen]:
    """Of each pixel the place of its name, and whether it is clear: (n,) each."""
    own = _compressed(lab)
    # (points, n) and (names, n): long rows are quick to compare.
    squares = -2 * _POINTS @ own.T + (_POINTS**2).sum(axis=1)[:, None]
    nearest_squares = _nearest(squares, _OF_NAME) + (own**2).sum(axis=1)
    each = np.sqrt(np.maximum(nearest_squares, 0))
    lightness, chroma = lab[:, 0], np.linalg.norm(lab[:, 1:], axis=1)
    plain = np.abs(lightness - _GREY_POINTS[:, None])  # to a grey, lightness alone counts
    each[_COLOURLESS_NAMES] = _nearest(plain, _OF_NAME[: len(_GREYS)])
    colourless = (chroma < _COLOURLESS) | ((lightness < _DARK) & (chroma < _COLOURED))
    coloured = (chroma >= _COLOURED) & ~colourless
    each[~_COLOURLESS_NAMES[:, None] & colourless] = np.inf
    each[_COLOURLESS_NAMES[:, None] & coloured] = np.inf
    # White in shade is as light as a light grey, and what shines on black as coloured as a dark blue: neither is named.
    shaded = colourless & (lightness > _SHADED[0]) & (lightness < _SHADED[1])
    shining = coloured & (lightness < _DIM) & (chroma < _VIVID)
    nearest = np.partition(each, 1, axis=0)
    clear = nearest[1] - nearest[0] >= _APART
    return each.argmin(axis=0), clear & (colourless | coloured) & ~shaded & ~shining
