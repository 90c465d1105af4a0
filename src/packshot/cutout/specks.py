"""Small holes closed and small pieces dropped."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["without_specks"]

Marked = NDArray[np.uint8]

_MANY = 200  # short outlines: from here on all of the picture is labelled at once


def without_specks(chosen: Marked, *, most: float) -> Marked:
    """Close small holes, then drop small pieces; the largest piece stays.

    Pixels of a hole are joined along their sides, those of a piece along their corners too. What the photo's border
    cuts off is no hole. Only what a short outline surrounds is looked at: labelling a whole picture takes ten times as
    long.

    Args:
        chosen: uint8 (h, w), 0 or 1.
        most: pixels of the largest hole that is closed, and of the largest piece that is dropped; at least 1.

    Returns:
        uint8 (h, w), 0 or 1; `chosen` itself where nothing is so small.

    Example:
        >>> ring = np.ones((3, 3), np.uint8)
        >>> ring[1, 1] = 0
        >>> without_specks(np.pad(ring, 2), most=1)[3].tolist()
        [0, 0, 1, 1, 1, 0, 0]
    """
    contours, hierarchy = cv2.findContours(chosen, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    # Around so few pixels no outline is longer.
    short = [place for place, contour in enumerate(contours) if len(contour) <= 4 * most + 8]
    if len(contours) < 2 or not short:
        return chosen
    if len(short) == len(contours) or len(short) > _MANY:  # none is large for sure, or too many are small
        return _everywhere(chosen, most)
    boxes = {place: cv2.boundingRect(contours[place]) for place in short}
    outer = {place for place in short if hierarchy[0][place][3] < 0}
    result = chosen.copy()
    for place in boxes.keys() - outer:
        x, y, width, height = boxes[place]
        _close_holes(result[y : y + height, x : x + width], most)
    for place in outer:
        _drop_piece(result, boxes[place], contours[place][0, 0], most)
    return result


def _close_holes(part: Marked, most: float) -> None:
    """Close what is small and does not reach the part's border."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(1 - part, connectivity=4)
    x, y, width, height, area = stats.T
    inside = (x > 0) & (y > 0) & (x + width < part.shape[1]) & (y + height < part.shape[0])
    small = inside & (area <= most)
    small[0] = False  # the product itself
    part[small[labels]] = 1


def _drop_piece(chosen: Marked, box: Sequence[int], pixel: NDArray[np.int32], most: float) -> None:
    """Drop the piece that has this box and this pixel (x, y), if it is small and still a piece of its own."""
    x, y, width, height = box
    left, top = max(0, x - 1), max(0, y - 1)
    part = chosen[top : y + height + 1, left : x + width + 1]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    label = labels[pixel[1] - top, pixel[0] - left]
    if stats[label].tolist()[:4] == [x - left, y - top, width, height] and stats[label, cv2.CC_STAT_AREA] <= most:
        part[labels == label] = 0


def _everywhere(chosen: Marked, most: float) -> Marked:
    """The same for all of the picture at once."""
    filled = chosen.copy()
    _close_holes(filled, most)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(filled, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    dropped = np.concatenate([[False], areas <= most])
    dropped[1 + int(areas.argmax())] = False
    filled[dropped[labels]] = 0
    return filled
