"""Where in an alpha map the product stands: its box without specks, and the edges it is cut off at."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import AnyArray, Box

__all__ = ["VISIBLE", "Subject", "find_subject"]

VISIBLE = 0.08
"""Alpha from which a pixel belongs to the box: low, so that hair and fur are not cut."""

_SPECK = 0.005  # a part smaller than this share of the largest part is dirt, not a product
_SEARCH_SIDE = 512  # parts are told apart at this size, the box is taken at full size


@dataclass(frozen=True, slots=True)
class Subject:
    """A product in an alpha map.

    Attributes:
        box: the smallest box around all its pixels with alpha >= `VISIBLE`, specks left out.
        area: sum of alpha in the box, in pixels.
        touches: the edges of the map it is cut off at, of ``left, top, right, bottom``.
    """

    box: Box
    area: float
    touches: tuple[str, ...]


def find_subject(alpha: AnyArray) -> Subject | None:
    """Find the product.

    Args:
        alpha: float32 (h, w) in 0..1, or uint8 (h, w) in 0..255.

    Returns:
        The product, or None if no pixel reaches `VISIBLE`.
    """
    one = 255.0 if alpha.dtype == np.uint8 else 1.0
    visible: NDArray[np.uint8] = (alpha >= VISIBLE * one).view(np.uint8)
    box = _box_of(visible)
    if box is None:
        return None
    parts = _without_specks(visible[box.slices])
    if parts is not None:
        inner = _box_of(parts)
        if inner is not None:  # the largest part always stays
            box = Box(inner.x0 + box.x0, inner.y0 + box.y0, inner.x1 + box.x0, inner.y1 + box.y0)
    height, width = alpha.shape
    lines = {
        "left": (box.x0 == 0, alpha[box.y0 : box.y1, 0], height),
        "top": (box.y0 == 0, alpha[0, box.x0 : box.x1], width),
        "right": (box.x1 == width, alpha[box.y0 : box.y1, -1], height),
        "bottom": (box.y1 == height, alpha[-1, box.x0 : box.x1], width),
    }
    touches = tuple(
        edge
        for edge, (reached, line, length) in lines.items()
        if reached and np.count_nonzero(line >= 0.5 * one) >= max(1.0, 0.01 * length)
    )
    return Subject(box=box, area=float(cv2.sumElems(alpha[box.slices])[0]) / one, touches=touches)


def _box_of(visible: NDArray[np.uint8]) -> Box | None:
    x, y, wide, high = cv2.boundingRect(visible)
    return Box(x, y, x + wide, y + high) if wide else None


def _without_specks(visible: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """`visible` with specks set to 0; None if there are none."""
    height, width = visible.shape
    step = max(1, -(-max(height, width) // _SEARCH_SIDE))
    small = visible
    if step > 1:
        # Any visible pixel makes its cell visible, so that a thin strap is not broken into specks.
        cells = cv2.resize(visible * 255, (-(-width // step), -(-height // step)), interpolation=cv2.INTER_AREA)
        small = (cells > 0).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(small, connectivity=8)
    if count <= 2:
        return None
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    keep = areas >= _SPECK * areas.max()
    if keep[1:].all():
        return None
    kept = keep[labels].view(np.uint8)
    if step > 1:
        kept = cv2.resize(kept, (width, height), interpolation=cv2.INTER_NEAREST)
    result: NDArray[np.uint8] = kept & visible
    return result
