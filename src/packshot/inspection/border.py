"""Coloured lines and bars along a picture's edges.

Simple and certain: straight, of one colour, along a whole side. Patterned, rounded or white frames are left to
`packshot.frame`.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Rgb

__all__ = ["border_widths", "bordered_sides"]

_SAME = 14  # two pixels no channel of which differs more are of one colour; JPEG noise stays below
_NEARLY_ALL = 0.97  # of a line's pixels: the line is of one colour
_DEEPEST = 0.25  # of the picture's side: beyond it a plain area is a background
_ABRUPT = 3  # lines within which a bar ends (JPEG blurs its edge)
_REMAINS = 0.5  # of a line's pixels still in the bar's colour once it has ended


def bordered_sides(rgb: Rgb) -> tuple[str, ...]:
    """The sides along which a coloured line or bar runs.

    A side is bordered if its outermost line is of one colour that is not white, and going inward that
    colour gives way at once along most of the line. Round a product on a coloured background it gives way bit
    by bit, or not at all.

    Args:
        rgb: uint8 (h, w, 3).

    Returns:
        Of ``left, top, right, bottom``; empty if there is none.
    """
    return tuple(border_widths(rgb))


def border_widths(rgb: Rgb) -> dict[str, int]:
    """How wide the coloured line or bar is along each side that has one; see `bordered_sides`.

    Args:
        rgb: uint8 (h, w, 3).

    Returns:
        Pixels from the outermost one on, by side, in the order ``left, top, right, bottom``. The lines of pixels that
        JPEG blurred between bar and picture do not count.
    """
    sides = {
        "left": rgb.transpose(1, 0, 2),
        "top": rgb,
        "right": rgb[:, ::-1].transpose(1, 0, 2),
        "bottom": rgb[::-1],
    }
    widths = {side: _bar(lines) for side, lines in sides.items()}
    return {side: width for side, width in widths.items() if width}


def _bar(lines: NDArray[np.uint8]) -> int:
    """How many of some lines (n, length, 3), from the edge inward, are a bar; 0 where they begin with none."""
    count = max(2, int(len(lines) * _DEEPEST) + _ABRUPT)
    lines = np.ascontiguousarray(lines[:count])
    colour = np.median(lines[0], axis=0)
    if colour.min() >= 250:
        return 0
    ended = np.flatnonzero(_share_of(lines, colour) < _NEARLY_ALL)
    if ended.size == 0 or ended[0] == 0:
        return 0
    end = int(ended[0])
    # Against the bar's last line: a ramp drifts away from its first line too, but never at once.
    last = np.median(lines[end - 1], axis=0)
    return end if _share_of(lines[end : end + _ABRUPT], last).min() < _REMAINS else 0


def _share_of(lines: NDArray[np.uint8], colour: NDArray[np.float64]) -> NDArray[np.float32]:
    """Of each line, the share of pixels in a colour, float32 (n,) in 0..1."""
    low = np.clip(colour - _SAME, 0, 255)
    high = np.clip(colour + _SAME, 0, 255)
    share = cv2.reduce(cv2.inRange(lines, low, high), 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F)[:, 0]
    return np.asarray(share / 255, np.float32)
