"""Which of two copies something was added to: a frame around it, or a word or badge over it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.fingerprint import Fingerprint
from packshot.duplicates.greys import Floats, in_greys, in_one_light, lay_greys

__all__ = ["plainer_copy"]

Doubles = NDArray[np.float64]

_STEP = 20.0  # levels of 255: the edge of what was laid over
_FRAME = 12.0  # levels of 255: the edge between a photo and its frame
_ALONG, _EACH = (
    0.65,
    0.35,
)  # share of all sides, and of each, along which that edge runs: no photo has one along a crop's
_AWAY = 2.0  # pixels to both sides of the edge
_MARGIN = 3.0  # pixels: less around a picture is none
_SAMPLES = 64  # places along a side
_SMALL = 0.002  # of the common area: smaller patches are edges and noise
_STRONGER = 1.5  # times the other's edge: of what was laid over the outline is an edge on one picture alone


def plainer_copy(one: Fingerprint, other: Fingerprint, matrix: NDArray[np.float64]) -> int | None:
    """The copy to which nothing was added, where something was added to the other.

    Args:
        one: fingerprint of one picture.
        other: fingerprint of the other.
        matrix: float64 (2, 3), from pixels of the first thumbnail to pixels of the other.

    Returns:
        0 for the first, 1 for the second; None where neither has an addition, or both may have one.
    """
    way = in_greys(matrix, one, other)
    back = np.asarray(cv2.invertAffineTransform(way), np.float64)
    framed = _frames(other.grey, one.grey, way), _frames(one.grey, other.grey, back)
    # Where one is cut out onto white nearly everything differs.
    marked = None if one.on_white != other.on_white else _marked(one, other, matrix)
    added_to_one, added_to_other = framed[1] or marked == 0, framed[0] or marked == 1
    if added_to_one == added_to_other:
        return None
    return 0 if added_to_other else 1


def _frames(outer: NDArray[np.uint8], inner: NDArray[np.uint8], way: NDArray[np.float64]) -> bool:
    """Whether the rim of the inner picture is an edge in the outer one, on every side that has something beyond it.

    Args:
        outer: the picture that may have a frame.
        inner: the picture that may stand in it.
        way: from pixels of the inner to pixels of the outer picture.
    """
    height, width = inner.shape
    scale = float(np.sqrt(abs(np.linalg.det(way[:, :2]))))
    away = _AWAY / scale
    along = np.linspace(0.02, 0.98, _SAMPLES)
    across, down = along * (width - 1), along * (height - 1)
    left, right, top, bottom = -0.5, width - 0.5, -0.5, height - 0.5
    sides = [
        ((np.full_like(down, left), down), (-1, 0)),
        ((np.full_like(down, right), down), (1, 0)),
        ((across, np.full_like(across, top)), (0, -1)),
        ((across, np.full_like(across, bottom)), (0, 1)),
    ]
    edges = []
    for (x, y), (right_by, down_by) in sides:
        beyond = _MARGIN / scale
        if not _inside(outer, way, x + right_by * beyond, y + down_by * beyond):
            continue
        within = _sampled(outer, way, x - right_by * away, y - down_by * away)
        without = _sampled(outer, way, x + right_by * away, y + down_by * away)
        edges.append(float(np.mean(np.abs(within - without) > _FRAME)))
    return len(edges) >= 2 and min(edges) >= _EACH and float(np.mean(edges)) >= _ALONG


def _mapped(way: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(way @ np.stack([x, y, np.ones_like(x)]))


def _inside(
    picture: NDArray[np.uint8], way: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> bool:
    height, width = picture.shape
    across, down = _mapped(way, x, y)
    return bool(np.mean((across >= 0) & (across < width) & (down >= 0) & (down < height)) > 0.9)


def _sampled(picture: NDArray[np.uint8], way: Doubles, x: Doubles, y: Doubles) -> Floats:
    across, down = (part.astype(np.float32)[None] for part in _mapped(way, x, y))
    return np.asarray(cv2.remap(picture.astype(np.float32), across, down, cv2.INTER_LINEAR)[0], np.float32)


def _marked(one: Fingerprint, other: Fingerprint, matrix: NDArray[np.float64]) -> int | None:
    """The picture that something was laid over: what differs has an outline there that is none on the other."""
    greys = lay_greys(one, other, matrix, rim=3)
    total = int(np.count_nonzero(greys.area))
    if not total:
        return None
    first, second = in_one_light(greys)
    differ = ((np.abs(first - second) > _STEP) & greys.area).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(differ)
    large = [label for label in range(1, count) if stats[label, cv2.CC_STAT_AREA] >= max(_SMALL * total, 12)]
    if not large:
        return None
    patch = np.isin(labels, large).astype(np.uint8)
    kernel = np.ones((3, 3), np.uint8)
    outline = (cv2.dilate(patch, kernel) > 0) & (cv2.erode(patch, kernel) == 0) & greys.area
    edges = [float(_steepness(picture)[outline].mean()) for picture in (first, second)]
    if edges[0] > _STRONGER * edges[1]:
        return 0
    return 1 if edges[1] > _STRONGER * edges[0] else None


def _steepness(picture: Floats) -> Floats:
    across, down = cv2.Sobel(picture, cv2.CV_32F, 1, 0), cv2.Sobel(picture, cv2.CV_32F, 0, 1)
    return np.asarray(np.hypot(across, down), np.float32)
