"""Where in a photo a doubt about its mask can be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.resizing import downscaled
from packshot.values import Alpha, Box, Doubt

__all__ = ["Place", "doubt_places"]

_SIDE = 512  # pixels of the longer side at which places are looked for
_NEAR_EDGE = 0.01  # of the diagonal: half-transparent pixels this near the outline are the outline
_SMALLEST = 0.0005  # of the picture: a smaller place is nothing a person would look at
_MOST = 3  # places of one doubt, the largest
_STRIP = 0.03  # of the longer side: how deep the strip is that marks where the product is cut off


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a photo to look at.

    Attributes:
        doubt: why.
        box: where, in pixels of the upright photo.
    """

    doubt: Doubt
    box: Box


def doubt_places(alpha: Alpha, doubts: Iterable[str]) -> list[Place]:
    """Where a mask gives reason for its doubts, at most three places for each.

    Only what the mask itself shows is told: loose pieces, half-transparent parts, where the photo's edge cuts the
    product off, and for a doubtful outline its widest soft parts. A hand, or a part that is missing, cannot be told
    from the mask; such doubts have no place.

    Args:
        alpha: float32 (h, w), 0..1, in the photo's own pixels.
        doubts: of the run's line; others than those of `Doubt` are passed over.
    """
    height, width = alpha.shape
    small = downscaled(alpha, _SIDE)
    steps = width / small.shape[1], height / small.shape[0]
    found = []
    for doubt in doubts:
        look = _LOOKS.get(doubt)
        for x, y, w, h in [] if look is None else look(small):
            x0, y0 = int(x * steps[0]), int(y * steps[1])
            x1 = min(width, max(x0 + 1, round((x + w) * steps[0])))
            y1 = min(height, max(y0 + 1, round((y + h) * steps[1])))
            found.append(Place(Doubt(doubt), Box(x0, y0, x1, y1)))
    return found


_Corners = tuple[int, int, int, int]  # left, top, width, height


def _pieces(alpha: Alpha) -> list[_Corners]:
    """All but the largest."""
    return _regions(alpha >= 0.5, most=_MOST + 1)[1:]


def _smoke(alpha: Alpha) -> list[_Corners]:
    """Half-transparent parts away from the outline."""
    chosen = (alpha >= 0.5).astype(np.uint8)
    radius = max(1, round(_NEAR_EDGE * float(np.hypot(*alpha.shape))))
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    far = cv2.dilate(chosen, window) == cv2.erode(chosen, window)
    return _regions((alpha > 0.05) & (alpha < 0.95) & far)


def _outline(alpha: Alpha) -> list[_Corners]:
    """Where the way from product to background is widest."""
    soft = ((alpha > 0.1) & (alpha < 0.9)).astype(np.uint8)
    wide = cv2.morphologyEx(soft, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return _regions(np.asarray(cv2.dilate(wide, np.ones((7, 7), np.uint8))) > 0)


def _cut_off(alpha: Alpha) -> list[_Corners]:
    """A strip along each side that the product touches."""
    height, width = alpha.shape
    deep = max(2, round(_STRIP * max(height, width)))
    found = []
    for along, place in (
        (alpha[:, 0], lambda a, b: (0, a, min(deep, width), b - a)),
        (alpha[0], lambda a, b: (a, 0, b - a, min(deep, height))),
        (alpha[:, -1], lambda a, b: (max(0, width - deep), a, min(deep, width), b - a)),
        (alpha[-1], lambda a, b: (a, max(0, height - deep), b - a, min(deep, height))),
    ):
        touched = np.flatnonzero(along >= 0.5)
        if touched.size:
            found.append(place(int(touched[0]), int(touched[-1]) + 1))
    return found


_LOOKS = {
    Doubt.PIECES.value: _pieces,
    Doubt.SMOKE.value: _smoke,
    Doubt.OUTLINE.value: _outline,
    Doubt.GROUND.value: _outline,
    Doubt.AREA.value: _outline,
    Doubt.CUT_OFF.value: _cut_off,
}


def _regions(mask: NDArray[np.bool_], *, most: int = _MOST) -> list[_Corners]:
    """Boxes of the largest connected parts, the largest first."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    order = sorted(range(1, count), key=lambda part: -int(stats[part, cv2.CC_STAT_AREA]))
    least = _SMALLEST * mask.size
    found = []
    for part in order[:most]:
        if stats[part, cv2.CC_STAT_AREA] < least:
            break
        x, y, w, h = (int(side) for side in stats[part, :4])
        found.append((x, y, w, h))
    return found
