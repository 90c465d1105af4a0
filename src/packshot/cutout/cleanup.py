"""What a finished alpha is cleaned of: smoke away from the edge, pinholes and specks."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha

__all__ = ["clean_up"]

_EDGE = 0.01  # of the diagonal: half-transparent pixels this near the outline are the edge
_SMOKE = 0.05  # from this alpha up to 1 - this a pixel is half transparent
_GLASS = 0.1  # of the product's area: a half-transparent region at least this large is kept
_SPECK = 0.003  # of the diagonal: side of the largest pinhole and speck


def clean_up(alpha: Alpha) -> Alpha:
    """Settle what is half transparent far from the outline, close pinholes, drop specks.

    The outline is where alpha crosses one half; nearer to it than 1 % of the diagonal nothing half transparent changes.
    Farther away a pixel becomes product inside it and background outside, unless it belongs to a half-transparent
    region of at least a tenth of the product's area: glass and veils are such. A hole or a piece of at most
    ``(0.003 * diagonal)^2`` pixels (18 at one megapixel, at least one) is closed or dropped, as long as there is a
    larger piece.

    Args:
        alpha: float32 (h, w) in 0..1.

    Returns:
        float32 (h, w) in 0..1.

    Example:
        >>> smoke = np.zeros((200, 200), np.float32)
        >>> smoke[50:150, 50:150] = 1
        >>> smoke[100, 100] = 0.6
        >>> float(clean_up(smoke)[100, 100])
        1.0
    """
    diagonal = math.hypot(*alpha.shape)
    chosen = (alpha >= 0.5).astype(np.uint8)
    if not chosen.any():
        return alpha
    chosen = _without_specks(chosen, most=(_SPECK * diagonal) ** 2)
    changed = chosen != (alpha >= 0.5)
    cleaned = np.where(changed, chosen.astype(np.float32), alpha)
    half = (cleaned > _SMOKE) & (cleaned < 1 - _SMOKE)
    reach = max(1.0, _EDGE * diagonal)
    if (half & _perhaps_far(chosen, reach)).any():
        smoke = half & _far(chosen, reach)
        smoke &= ~_large(half, smoke, least=_GLASS * float(chosen.sum()))
        cleaned = np.where(smoke, chosen.astype(np.float32), cleaned)
    return np.asarray(cleaned, np.float32)


def _perhaps_far(chosen: NDArray[np.uint8], reach: float) -> NDArray[np.bool_]:
    """All that is far, and some of what is not: a square within the circle is quick to look along."""
    side = 2 * int(reach / math.sqrt(2)) + 1
    window = np.ones((side, side), np.uint8)
    return np.asarray(cv2.dilate(chosen, window) == cv2.erode(chosen, window))


def _far(chosen: NDArray[np.uint8], reach: float) -> NDArray[np.bool_]:
    """Farther from the other side of the outline than so many pixels."""
    inside = cv2.distanceTransform(chosen, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    outside = cv2.distanceTransform(1 - chosen, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(np.maximum(inside, outside) > reach)


def _large(half: NDArray[np.bool_], smoke: NDArray[np.bool_], *, least: float) -> NDArray[np.bool_]:
    """The regions of smoke that are as large as glass."""
    if np.count_nonzero(smoke) < least:
        return np.zeros_like(smoke)
    count, labels = cv2.connectedComponents(half.astype(np.uint8), connectivity=8)
    areas = np.bincount(labels[smoke], minlength=count)
    return np.asarray((areas >= least)[labels] & smoke)


def _without_specks(chosen: NDArray[np.uint8], *, most: float) -> NDArray[np.uint8]:
    """Small holes closed, then small pieces dropped; the largest piece stays."""
    most = max(1.0, most)
    contours, _ = cv2.findContours(chosen, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    if len(contours) < 2 or min(map(len, contours)) > 4 * most + 8:  # around so few pixels no outline is as long
        return chosen
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - chosen, connectivity=4)
    small = stats[:, cv2.CC_STAT_AREA] <= most
    small[0] = False  # the product itself
    for place in np.flatnonzero(small):  # what the photo's border cuts off is no hole
        x, y, width, height = stats[place, :4]
        small[place] = x > 0 and y > 0 and x + width < chosen.shape[1] and y + height < chosen.shape[0]
    filled = np.where(small[labels], np.uint8(1), chosen)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(filled, connectivity=8)
    if count <= 2:
        return np.asarray(filled, np.uint8)
    dropped = stats[:, cv2.CC_STAT_AREA] <= most
    dropped[0] = dropped[1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())] = False
    return np.asarray(np.where(dropped[labels], np.uint8(0), filled), np.uint8)
