"""Two pictures laid on each other in grey, at the size where print can be told."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.fingerprint import Fingerprint

__all__ = ["Floats", "Greys", "Selection", "in_greys", "in_one_light", "lay_greys"]

Floats = NDArray[np.float32]
Selection = NDArray[np.bool_]

_BESIDE = 9  # pixels around a product that a cut-out may have lost


@dataclass(frozen=True, slots=True, eq=False)
class Greys:
    """Two pictures in the pixels of the coarser one.

    Attributes:
        first: float32 (h, w), 0..255, the first picture.
        second: float32 (h, w), 0..255, the second.
        area: bool (h, w), where both show something; where one stands on white, the product.
    """

    first: Floats
    second: Floats
    area: Selection


def lay_greys(
    one: Fingerprint, other: Fingerprint, matrix: NDArray[np.float64], *, rim: int, fine: bool = False
) -> Greys:
    """Lay one picture on another.

    Args:
        one: fingerprint of one picture.
        other: fingerprint of the other.
        matrix: float64 (2, 3), from pixels of the first thumbnail to pixels of the other.
        rim: pixels left out along the rim of either picture.
        fine: as large as both are kept.
    """
    here, there = (_Side(each, each.fine_grey() if fine else each.grey) for each in (one, other))
    way = _between(matrix, here, there)
    if np.sqrt(abs(np.linalg.det(way[:, :2]))) <= 1:
        return Greys(*_lay(here, there, way, rim))
    second, first, area = _lay(there, here, np.asarray(cv2.invertAffineTransform(way), np.float64), rim)
    return Greys(first, second, area)


def in_greys(matrix: NDArray[np.float64], one: Fingerprint, other: Fingerprint) -> NDArray[np.float64]:
    """A way from one thumbnail to the other, in pixels of the greys."""
    return _between(matrix, _Side(one, one.grey), _Side(other, other.grey))


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """A picture in the grey that is looked at."""

    fingerprint: Fingerprint
    grey: NDArray[np.uint8]


def _between(matrix: NDArray[np.float64], one: _Side, other: _Side) -> NDArray[np.float64]:
    before, after = _enlargement(one), _enlargement(other)
    return np.asarray((after @ np.vstack([matrix, [0, 0, 1]]) @ np.linalg.inv(before))[:2], np.float64)


def in_one_light(greys: Greys) -> tuple[Floats, Floats]:
    """The first picture in the light of the second, by a straight line fitted without the worst third, three times."""
    first, second = greys.first, greys.second
    x, y = first[greys.area], second[greys.area]
    kept = np.ones(len(x), bool)
    slope, start = 1.0, 0.0
    for _ in range(3):
        spread = float(np.var(x[kept]))
        if spread < 1:
            break
        slope = float(np.mean((x[kept] - x[kept].mean()) * (y[kept] - y[kept].mean()))) / spread
        start = float(y[kept].mean()) - slope * float(x[kept].mean())
        missed = np.abs(slope * x + start - y)
        kept = missed <= max(float(np.quantile(missed, 2 / 3)), 2.0)
    return np.asarray(slope * first + np.float32(start), np.float32), second


def _enlargement(side: _Side) -> NDArray[np.float64]:
    small = side.fingerprint.thumbnail.shape[:2]
    down, across = (grey / thumbnail for grey, thumbnail in zip(side.grey.shape, small, strict=True))
    return np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])


def _lay(one: _Side, other: _Side, way: NDArray[np.float64], rim: int) -> tuple[Floats, Floats, Selection]:
    """The first picture in the pixels of the other, the other, and where both show a product."""
    height, width = other.grey.shape
    scale = float(np.sqrt(abs(np.linalg.det(way[:, :2]))))
    sharp = one.grey.astype(np.float32)
    if scale < 0.8:
        sharp = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 0.5 / scale), np.float32)
    laid = cv2.warpAffine(sharp, way, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shown = cv2.warpAffine(np.full(one.grey.shape, 255, np.uint8), way, (width, height))
    kernel = np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)
    area = cv2.erode((shown >= 250).astype(np.uint8), kernel, borderValue=0) > 0
    backgrounds = [
        cv2.warpAffine(_background(one), way, (width, height)) > 0,
        np.asarray(_background(other) > 0),
    ]
    if one.fingerprint.on_white and other.fingerprint.on_white:
        beside = backgrounds[0] & backgrounds[1]
    else:
        background = (backgrounds[0] | backgrounds[1]).astype(np.uint8)
        beside = cv2.dilate(background, np.ones((2 * _BESIDE + 1, 2 * _BESIDE + 1), np.uint8)) > 0
    return np.asarray(laid, np.float32), other.grey.astype(np.float32), np.asarray(area & ~beside)


def _background(side: _Side) -> NDArray[np.uint8]:
    height, width = side.grey.shape
    small = side.fingerprint.background.astype(np.uint8)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
