"""From a rough inner box to the exact pixel: an edge search at the picture's own resolution."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.frame.corners import rounded_corner_inset
from packshot.values import Box, Rgb

__all__ = ["refine_box", "refine_drawn_box"]

_CAP = 40  # levels: a stronger step counts no more, so that a short strong edge is no line
_LEAST = 0.12  # of the cap, over the whole line, above what is usual nearby: less is no line
_RIVAL = 0.8  # of the strongest line: the innermost line that is as strong is the frame's last
_MIXED = 0.05  # share of the frame's colour in the pixel after its edge: from here on that pixel goes too
_MARGIN = 6  # pixels beyond the reach, to see what is usual there
_LENGTH = 320  # pixels of a line that are looked at; at most twice as many
_BY_HAND = 0.03  # of the shorter side: how far a box set by hand is off at most
_ENDS = 0.04  # of a line, at each end, left to the corners


def refine_box(rgb: Rgb, box: Box, *, reach: float) -> Box:
    """Move each side of a rough inner box to the exact pixel where the frame ends.

    Of several lines within reach, as double lines have them, the innermost wins; of a soft edge the inner end. A side
    with no line within reach stays where it is, and so does one that lies on the picture's own edge. Where the frame's
    inner corners are rounded the box shrinks until they hold no pixel of the frame.

    Args:
        rgb: uint8 (h, w, 3).
        box: the rough box, within the picture.
        reach: how far a side may be off, as a fraction of the picture's shorter side.

    Returns:
        The refined box.

    Raises:
        ValueError: the box does not lie within the picture, or the reach is not in 0..0.25.
    """
    height, width = rgb.shape[:2]
    if box.x1 > width or box.y1 > height:
        raise ValueError(f"refine_box: expected a box within {width} x {height}, got {box.as_tuple()}")
    if not 0 <= reach <= 0.25:
        raise ValueError(f"refine_box: expected a reach in 0..0.25, got {reach!r}")
    far = max(2, math.ceil(reach * min(height, width)))
    columns, rows = _inner(box.x0, box.x1, far), _inner(box.y0, box.y1, far)
    upright, across = rgb[rows], rgb[:, columns].transpose(1, 0, 2)
    x0 = _side(upright, box.x0, far)
    y0 = _side(across, box.y0, far)
    x1 = width - _side(upright[:, ::-1], width - box.x1, far)
    y1 = height - _side(across[:, ::-1], height - box.y1, far)
    if x0 >= x1 or y0 >= y1:
        return box
    found = Box(x0, y0, x1, y1)
    inset = rounded_corner_inset(rgb, found)
    if 2 * inset >= min(found.size):
        return found
    return Box(x0 + inset, y0 + inset, x1 - inset, y1 - inset)


def refine_drawn_box(rgb: Rgb, box: Box) -> Box:
    """Move each side of an inner box that a person drew to the exact pixel; see `refine_box`.

    Args:
        rgb: uint8 (h, w, 3).
        box: as it was drawn, off by 3 % of the shorter side at most.
    """
    return refine_box(rgb, box, reach=_BY_HAND)


def _inner(low: int, high: int, far: int) -> slice[int, int, int]:
    """What of a line certainly runs along the picture, thinned out if it is long."""
    end = far + int((high - low) * _ENDS)
    if high - low - 2 * end < 4:
        return slice(low, high)
    return slice(low + end, high - end, max(1, (high - low - 2 * end) // _LENGTH))


def _side(lines: Rgb, rough: int, far: int) -> int:
    """Where the frame ends on lines (n, depth, 3) that run inward from the picture's edge; `rough` is not."""
    if rough == 0:
        return 0
    start, stop = max(0, rough - far - _MARGIN), min(lines.shape[1], rough + far + _MARGIN)
    steps = _steps(lines[:, start:stop])
    usual = np.median(steps) if steps.size else 0.0
    excess = steps - usual
    # excess[i] is the step from pixel start + i to the next: a side at start + i + 1.
    low, high = max(0, rough - far - start - 1), min(steps.size, rough + far - start)
    within = excess[low:high]
    if within.size == 0 or within.max() < _LEAST:
        return rough
    strong = np.flatnonzero(within >= max(_LEAST, _RIVAL * within.max()))
    side = start + low + int(strong[-1]) + 1
    return side + (_mixed(lines[:, side - 1 : side + 3]) > _MIXED)


def _mixed(lines: Rgb) -> float:
    """Of the pixel after a frame's edge, the share that is still the frame's colour; below 0 where JPEG rings.

    Least squares over all lines: what differs along them for another reason is picture, and cancels out.

    Args:
        lines: uint8 (n, 4, 3); the first pixel is the frame's, the last two are the picture's.
    """
    if lines.shape[1] < 4:
        return 0.0
    values = lines.astype(np.float32)
    values -= values[:, 2:].mean(axis=1, keepdims=True)
    frame = values[:, 0]
    return float((values[:, 1] * frame).sum() / max(1.0, float((frame * frame).sum())))


def _steps(lines: Rgb) -> NDArray[np.float32]:
    """How much of a line each step between neighbouring pixels is: float32 (depth - 1,) in 0..1."""
    if lines.shape[1] < 2:
        return np.zeros(0, np.float32)
    lines = np.ascontiguousarray(lines)
    step = cv2.absdiff(lines[:, 1:], lines[:, :-1])
    strongest = np.minimum(np.maximum(np.maximum(step[..., 0], step[..., 1]), step[..., 2]), _CAP)
    mean = cv2.reduce(strongest, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
    return np.asarray(mean[0] / np.float32(_CAP), np.float32)
