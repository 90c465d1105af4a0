"""Where in a photo the evidence against its mask can be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.maps import Maps
from packshot.review.places import doubt_places
from packshot.values import Alpha, Box, Doubt

__all__ = ["evidence_boxes"]

_MOST = 2  # places of one figure, the largest
_SMALLEST = 0.0005  # of the picture: a smaller place is nothing a person would look at
_LIKELY = 0.3  # of error, and of a person, as `packshot.cutout.Signals` counts them

Flags = NDArray[np.bool_]

#: Figures that a mask shows by itself, and the doubt whose places are theirs.
_BY_MASK: Mapping[str, Doubt] = MappingProxyType(
    {
        "pieces": Doubt.PIECES,
        "smoke": Doubt.SMOKE,
        "cut_off": Doubt.CUT_OFF,
        "softness": Doubt.OUTLINE,
    }
)


def _error(maps: Maps, alpha: Alpha) -> Flags | None:
    return None if maps.error is None else maps.error >= _LIKELY


def _person(maps: Maps, alpha: Alpha) -> Flags | None:
    return None if maps.person is None else (maps.person >= _LIKELY) & (alpha >= 0.5)


def _beside(maps: Maps, alpha: Alpha) -> Flags | None:
    return None if maps.person is None else (maps.person >= _LIKELY) & (alpha < 0.5)


def _haze(maps: Maps, alpha: Alpha) -> Flags:
    away = cv2.distanceTransform((alpha < 0.5).astype(np.uint8), cv2.DIST_L2, 3) > 4
    return (maps.alpha > 0.05) & (maps.alpha < 0.5) & away


def _holes(maps: Maps, alpha: Alpha) -> Flags:
    outside = (alpha < 0.5).astype(np.uint8)
    framed = np.pad(outside, 1, constant_values=1)
    cv2.floodFill(framed, None, (0, 0), 0)
    return np.asarray(framed[1:-1, 1:-1] == 1)


def _overruled(maps: Maps, alpha: Alpha) -> Flags:
    return (alpha >= 0.5) & (maps.alpha < 0.5)


#: Figures that show where the network's maps and the mask are laid over each other.
_BY_MAPS: Mapping[str, Callable[[Maps, Alpha], Flags | None]] = MappingProxyType(
    {
        "expected_error": _error,
        "worst_blob": _error,
        "soft_iou": _error,
        "person": _person,
        "near_person": _beside,
        "haze": _haze,
        "holes": _holes,
        "overruled": _overruled,
    }
)


def evidence_boxes(figure: str, maps: Maps, alpha: Alpha) -> tuple[Box, ...]:
    """The places of a figure of `packshot.cutout.Evidence`, the largest first, at most two.

    Args:
        figure: its name; of one that belongs to the whole outline, such as its raggedness, there is no place.
        maps: what the network said of the photo.
        alpha: float32 (h, w) in 0..1, the finished mask.

    Returns:
        In pixels of the mask.
    """
    if figure in _BY_MASK:
        return tuple(place.box for place in doubt_places(alpha, [_BY_MASK[figure]]))
    look = _BY_MAPS.get(figure)
    if look is None:
        return ()
    rows, columns = maps.alpha.shape
    small = np.asarray(cv2.resize(alpha, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
    flags = look(maps, small)
    return () if flags is None else _boxes(flags, alpha.shape)


def _boxes(flags: Flags, shape: tuple[int, ...]) -> tuple[Box, ...]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(flags.astype(np.uint8), connectivity=8)
    down, across = shape[0] / flags.shape[0], shape[1] / flags.shape[1]
    order = sorted(range(1, count), key=lambda part: -int(stats[part, cv2.CC_STAT_AREA]))
    found = []
    for part in order[:_MOST]:
        if stats[part, cv2.CC_STAT_AREA] < _SMALLEST * flags.size:
            break
        x, y, w, h = (int(side) for side in stats[part, :4])
        x0, y0 = int(x * across), int(y * down)
        x1, y1 = min(shape[1], round((x + w) * across)), min(shape[0], round((y + h) * down))
        found.append(Box(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)))
    return tuple(found)
