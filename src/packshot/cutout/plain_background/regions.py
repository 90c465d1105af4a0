"""Which parts of a photo on a plain background are background, shadow and product."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.plain_background.channels import largest, total
from packshot.cutout.plain_background.surface import joined_to_border
from packshot.values import Alpha, AnyArray

__all__ = ["Regions", "find_regions"]

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

_LEAST_DIFFERENCE = 5.0  # levels: JPEG noise stays below
_PER_NOISE = 4.0
_RINGING = 0.18  # of the contrast beside it
_MOST_RINGING = 30.0  # levels
_RINGING_WIDTH = 6  # pixels: lossy files keep colour in blocks of 16
_DARKEST = 0.25  # of the background's brightness: what is darker is no shadow
_TINT = 0.035  # of a channel: a shadow keeps the background's colour
_SLOPE = 9.0  # levels from pixel to pixel: a shadow is soft
_FIRM = 0.85  # the network says product
_HOLE_FIRM = 0.9
_CLIPPED = 251.0  # of 255: a background that any white thing may equal
_PATCH = 5  # pixels over which noise is averaged
_EXACT = 1.2  # levels
_GOES_ON = 0.4  # of a stripe's surroundings are product
_THICK = 0.012  # of the longer side: the network's outline is at most so far off
_SPECK = 0.002  # of the largest part


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Bool maps (h, w); what is in none of them is background.

    Attributes:
        product: differs from the background and is no shadow, or is enclosed by it and not opened.
        asked: looks like background, but the network firmly says product: white on white.
        shadow: background that the product darkens.
        opened: enclosed by the product, and background all the same: handles, rings.
    """

    product: Bools
    asked: Bools
    shadow: Bools
    opened: Bools


def find_regions(small: AnyArray, background: Floats, probability: Alpha, *, noise: float) -> Regions:
    """Tell the regions apart.

    Args:
        small: float32 (h, w, 3) in 0..255, a reduced copy of the photo.
        background: float32 (h, w, 3) in 0..255, the background's colours.
        probability: float32 (h, w) in 0..1, the network's.
        noise: of the background, levels.
    """
    away = largest(cv2.absdiff(small, background))
    near = away <= max(_LEAST_DIFFERENCE, _PER_NOISE * noise)
    beside = cv2.dilate(away, np.ones((2 * _RINGING_WIDTH + 1, 2 * _RINGING_WIDTH + 1), np.uint8))
    ringing = away < np.minimum(_RINGING * beside, _MOST_RINGING)
    joined = joined_to_border(near)
    outer = _spread(joined, ringing)
    enclosed = _spread(near & ~joined, ringing) & ~outer
    exact = _exact(small, background, noise)
    asked = _asked(outer, near, exact, background, probability)
    opened = _opened(enclosed, near, exact, background, probability)
    shadowlike = _shadowlike(small, background, noise) & (probability < 0.5)
    shadow = _joined(outer | opened | shadowlike, to=outer | opened) & ~outer & ~opened
    product = _without_specks(~(outer | shadow | opened), probability)
    return Regions(product=product, asked=asked, shadow=shadow, opened=opened)


def _spread(marked: Bools, into: Bools) -> Bools:
    """Grown by what lossy files leave beside an edge."""
    grown: NDArray[np.uint8] = marked.view(np.uint8)
    for _ in range(_RINGING_WIDTH):
        wider = np.asarray(cv2.dilate(grown, np.ones((3, 3), np.uint8)), np.uint8)
        grown = grown | (wider & into.view(np.uint8))
    return grown.view(bool)


def _shadowlike(small: AnyArray, background: Floats, noise: float) -> Bools:
    """Darker than the background, of its colour, and without an edge."""
    grey, bright = total(small), np.maximum(total(background), 1)
    light = grey / bright
    tint = largest(cv2.absdiff(small, cv2.multiply(background, cv2.merge([light] * 3))))
    slope = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)) / 24
    allowed = _LEAST_DIFFERENCE / 2 + 2 * noise + (_TINT / 3) * bright
    return np.asarray((light < 1) & (light > _DARKEST) & (tint <= allowed) & (slope <= _SLOPE))


def _joined(marked: Bools, *, to: Bools) -> Bools:
    """The marked pixels that are joined to one of `to`."""
    count, labels = cv2.connectedComponents(marked.view(np.uint8), connectivity=4)
    keeps = np.zeros(count, bool)
    keeps[labels[to]] = True
    keeps[0] = False
    return np.asarray(keeps[labels])


def _exact(small: AnyArray, background: Floats, noise: float) -> Bools:
    """Where the colour is the background's without its noise: a product's own colour hardly is."""
    mean = cv2.blur(cv2.subtract(small, background), (_PATCH, _PATCH))
    return np.asarray(largest(cv2.absdiff(mean, np.zeros_like(mean))) <= _EXACT + noise / 4)


def _asked(outer: Bools, near: Bools, exact: Bools, background: Floats, probability: Alpha) -> Bools:
    """Where the network decides: what differs faintly, and what cannot differ since the background is white.

    White on white it must be firm, and about more than a strip along an edge: its outline may be wide.
    """
    clipped = total(background) >= 3 * _CLIPPED
    says = outer & (probability >= 0.5)
    side = 2 * max(2, round(_THICK * max(outer.shape))) + 1
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    firm = np.where(clipped, probability >= _FIRM, ~exact) & says
    core = cv2.erode(firm.view(np.uint8), window, borderValue=0)
    around = cv2.dilate(cv2.dilate(core, window), window).view(bool)
    asked = np.asarray(says & around & (clipped | ~exact))
    return asked | _crossed(says & exact & ~asked, asked & near)


def _crossed(exact: Bools, faint: Bools) -> Bools:
    """Stripes where a shaded product happens to have the background's colour: the product goes on around them."""
    count, labels = cv2.connectedComponents(exact.view(np.uint8), connectivity=4)
    if count <= 1 or not faint.any():
        return np.zeros_like(exact)
    wider = cv2.dilate(labels.astype(np.float32), np.ones((7, 7), np.uint8)).astype(np.intp)
    ring = (wider > 0) & (labels == 0)
    length = np.maximum(np.bincount(wider[ring], minlength=count), 1)
    share = np.bincount(wider[ring], faint[ring], minlength=count) / length
    goes_on = share >= _GOES_ON
    goes_on[0] = False
    return np.asarray(goes_on[labels])


def _opened(enclosed: Bools, near: Bools, exact: Bools, background: Floats, probability: Alpha) -> Bools:
    """The enclosed parts that are background seen through the product.

    Either the network does not say product; or they have the background's very colour, and where that is white, which
    labels and highlights are too, the network is not firm.
    """
    count, labels = cv2.connectedComponents(enclosed.view(np.uint8), connectivity=4)
    core = labels[near]  # without the ringing around it
    area = np.maximum(np.bincount(core, minlength=count), 1)
    same, says, white = (
        np.bincount(core, field[near], minlength=count) / area
        for field in (exact, probability, total(background) >= 3 * _CLIPPED)
    )
    opens = (area >= 6) & ((says < 0.5) | ((same >= 0.5) & ((says < _HOLE_FIRM) | (white < 0.5))))
    opens[0] = False
    return np.asarray(opens[labels])


def _without_specks(product: Bools, probability: Alpha) -> Bools:
    """Without parts that are small beside the largest, unless the network says product."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(product.view(np.uint8), connectivity=8)
    if count <= 2:
        return product
    area = stats[:, cv2.CC_STAT_AREA].copy()
    area[0] = 0
    says = np.bincount(labels.ravel(), probability.ravel(), minlength=count) / np.maximum(area, 1)
    keeps = (area >= _SPECK * area.max()) | ((says >= 0.5) & (area >= 4))
    keeps[0] = False
    return np.asarray(keeps[labels])
