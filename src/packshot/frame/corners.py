"""Rounded inner corners of a frame, and how far a box must shrink to leave them out."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Box, Rgb

__all__ = ["rounded_corner_inset"]

_LARGEST = 0.2  # of the box's shorter side: rounder corners make another shape of it
_GRID = 64  # pixels: a larger corner is thinned out to fewer than twice as many
_SMALLEST = 4  # pixels of radius: less is the softness of a square corner
_CAP = 40  # levels: a stronger step counts no more
_ARC = 0.15  # of the cap: the step across the arc, at least
_OVER_CORNER = 1.4  # how much stronger it must be than along the lines of a square corner
_TANGENT = 0.06  # of the radius: nearer than this to the straight lines an arc is one of them

Floats = NDArray[np.float32]


def rounded_corner_inset(rgb: Rgb, box: Box) -> int:
    """How far each side must move inward until the corners hold no pixel of the frame; 0 for square corners.

    All four corners are taken to have one radius. It is believed where steps run along its arc, and none along the
    two lines that a square corner would have there. A picture without a frame on one side has no rounded corners.

    Args:
        rgb: uint8 (h, w, 3).
        box: the straight sides of the picture inside the frame.

    Returns:
        Pixels.
    """
    height, width = rgb.shape[:2]
    reach = int(min(box.size) * _LARGEST)
    if reach < _SMALLEST or min(box.x0, box.y0, width - box.x1, height - box.y1) < 1:
        return 0
    steps = np.mean([_steps(corner) for corner in _corners(rgb, box, reach)], axis=0)
    side = len(steps)
    places, inverse = _radii(side)
    sums = np.bincount(inverse, weights=steps[places], minlength=side + 1)
    arcs = sums / np.maximum(np.bincount(inverse, minlength=side + 1), 1)
    line = (steps[0] + steps[:, 0]) / 2
    lines = np.cumsum(line) / np.arange(1, side + 1)
    radii = np.arange(_SMALLEST, side)
    gains = arcs[radii] - _OVER_CORNER * lines[(radii * 0.6).astype(int)]
    gains[arcs[radii] < _ARC] = 0
    if gains.size == 0 or gains.max() <= 0:
        return 0
    radius = float(radii[np.argmax(gains)]) * max(1, reach // _GRID)
    return math.ceil(radius * (1 - math.sqrt(0.5)) + 0.5)


def _corners(rgb: Rgb, box: Box, reach: int) -> list[Rgb]:
    """The four corners with one pixel of frame around them, turned so that the frame lies left and above."""
    flipped_x, flipped_y = rgb[:, ::-1], rgb[::-1]
    both = flipped_x[::-1]
    x, y = rgb.shape[1] - box.x1, rgb.shape[0] - box.y1
    starts = ((rgb, box.x0, box.y0), (flipped_x, x, box.y0), (flipped_y, box.x0, y), (both, x, y))
    every = max(1, reach // _GRID)
    return [view[top - 1 : top + reach : every, left - 1 : left + reach : every] for view, left, top in starts]


def _steps(patch: Rgb) -> Floats:
    """The larger step to the pixel at the left and above, capped: float32, one row and column less, 0..1."""
    patch = np.ascontiguousarray(patch)
    across = cv2.absdiff(patch[1:, 1:], patch[1:, :-1])
    down = cv2.absdiff(patch[1:, 1:], patch[:-1, 1:])
    step = np.maximum(across, down)
    strongest = np.minimum(np.maximum(np.maximum(step[..., 0], step[..., 1]), step[..., 2]), _CAP)
    return np.asarray(strongest / np.float32(_CAP), np.float32)


@lru_cache(maxsize=256)
def _radii(side: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which pixels of a corner lie on an arc, and on the arc of which radius, rounded."""
    y, x = np.mgrid[:side, :side] + 0.5
    # (r - x)^2 + (r - y)^2 = r^2, the solution whose middle lies further in.
    radius = x + y + np.sqrt(2 * x * y)
    places = (np.minimum(x, y) >= _TANGENT * radius) & (radius < side + 0.5)
    return places, np.rint(radius[places]).astype(np.int64)
