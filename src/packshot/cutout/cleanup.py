"""What a finished alpha is cleaned of: smoke away from the edge, pinholes and specks."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.specks import without_specks
from packshot.values import Alpha

__all__ = ["clean_up"]

Bools = NDArray[np.bool_]

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
    found = (alpha >= 0.5).view(np.uint8)
    if not found.any():
        return alpha
    chosen = without_specks(found, most=max(1.0, (_SPECK * diagonal) ** 2))
    cleaned = alpha.copy()
    if chosen is not found:
        np.copyto(cleaned, chosen, where=chosen != found)
    half = (cleaned > _SMOKE) & (cleaned < 1 - _SMOKE)
    smoke = _smoke(half, chosen, reach=max(1.0, _EDGE * diagonal), glass=_GLASS * float(np.count_nonzero(chosen)))
    if smoke is not None:
        np.copyto(cleaned, chosen, where=smoke)
    return cleaned


def _smoke(half: Bools, chosen: NDArray[np.uint8], *, reach: float, glass: float) -> Bools | None:
    """What is half transparent, far from the outline, and no glass; None if nothing is."""
    box = _around(half, reach)
    if box is None:
        return None
    half_there, chosen_there = half[box], chosen[box]
    candidates = half_there & _perhaps_far(chosen_there, reach)
    near = _around(candidates, reach)
    if near is None:
        return None
    smoke = np.zeros_like(half)
    inner = smoke[box][near]
    inner[...] = candidates[near] & _far(chosen_there[near], reach)
    if np.count_nonzero(inner) >= glass:
        smoke &= ~_large(half, smoke, least=glass)
    return smoke


def _around(marked: Bools, reach: float) -> tuple[slice[int, int, None], slice[int, int, None]] | None:
    """The box of what is marked, and of all that lies within reach of it; None where nothing is."""
    x, y, width, height = cv2.boundingRect(marked.view(np.uint8))
    if not width:
        return None
    pad = math.ceil(reach) + 1
    return slice(max(0, y - pad), y + height + pad), slice(max(0, x - pad), x + width + pad)


def _perhaps_far(chosen: NDArray[np.uint8], reach: float) -> Bools:
    """All that is far, and some of what is not: a square within the circle is quick to look along."""
    side = 2 * int(reach / math.sqrt(2)) + 1
    window = np.ones((side, side), np.uint8)
    return np.asarray(cv2.dilate(chosen, window) == cv2.erode(chosen, window))


def _far(chosen: NDArray[np.uint8], reach: float) -> Bools:
    """Farther from the other side of the outline than so many pixels, right to 2 %."""
    inside = cv2.distanceTransform(chosen, cv2.DIST_L2, cv2.DIST_MASK_5)  # the exact one takes five times as long
    outside = cv2.distanceTransform(1 - chosen, cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.asarray(np.maximum(inside, outside) > reach)


def _large(half: Bools, smoke: Bools, *, least: float) -> Bools:
    """The regions of smoke that are as large as glass."""
    count, labels = cv2.connectedComponents(half.view(np.uint8), connectivity=8)
    areas = np.bincount(labels[smoke], minlength=count)
    return np.asarray((areas >= least)[labels] & smoke)
