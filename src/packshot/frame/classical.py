"""Frames by edges and rules, without a network: the baseline that learnt ones are measured against.

Straight edges parallel to a side, near it, and nearly as long as it, are what a frame leaves in an edge map (Canny
1986). Four of them that are mostly whole make a frame; of two opposite ones, and of a single one, more is asked.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.frame.refine import refine_box
from packshot.resizing import downscale_factor, downscaled
from packshot.values import Box, Frame, Rgb

__all__ = ["classical_frame"]

# Tuned by accuracy on 1200 pictures of the frame generator, of its `train` settings and of training photos alone: how
# whole a line must be on all four sides, on two opposite ones, on one. The three on a grid, the rest one at a time.
_FOUR, _TWO, _ONE = 0.5, 0.75, 0.97
_CANNY = (40, 100)  # levels per pixel, as cv2.Canny takes them
_LONG_SIDE = 400  # pixels of the picture that is looked at
_DEEPEST = 0.24  # of the side: what lies further in is the picture's
_MIDDLE = 0.15  # of a line, at each end, where a broad frame's other sides may lie
_LEANING = 2.0  # pixels from end to end: a drawn line is straight, what a camera saw seldom is
_NEAR = 3  # pixels around a line in which it may lean
_INNERMOST = 0.85  # of the best line: of double lines the innermost counts


def classical_frame(rgb: Rgb) -> Frame:
    """Whether a frame surrounds a picture, and what is inside, by its edges.

    Args:
        rgb: uint8 (h, w, 3), of any size.

    Returns:
        The decision. The score ranks pictures but is no probability: 0.5 is the threshold, 1 has all its lines whole.
        The inner box is refined to the pixel.
    """
    height, width = rgb.shape[:2]
    whole = Box(0, 0, width, height)
    scale = downscale_factor((height, width), _LONG_SIDE)
    if min(height, width) * scale < 16:
        return Frame(framed=False, score=0.0, inner_box=whole)
    small = np.ascontiguousarray(downscaled(rgb, _LONG_SIDE))
    edges = cv2.Canny(small, *_CANNY) > 0
    views = (edges.T, edges, edges[:, ::-1].T, edges[::-1])
    found = [_line(view) for view in views]
    left, top, right, bottom = shares = [share for share, _ in found]
    wholes = {_FOUR: min(left, top, right, bottom), _TWO: max(min(left, right), min(top, bottom)), _ONE: max(shares)}
    score = max(_score(share, least) for least, share in wholes.items())
    kept = [least for least, share in wholes.items() if share >= least]
    if not kept:
        return Frame(framed=False, score=score, inner_box=whole)
    least = min(kept)
    x0, y0, x1, y1 = (place / scale if share >= least else 0.0 for share, place in found)
    rough = Box(round(x0), round(y0), width - round(x1), height - round(y1))
    return Frame(framed=True, score=score, inner_box=refine_box(rgb, rough, reach=3 / min(small.shape[:2])))


def _score(share: float, least: float) -> float:
    """0.5 at the least share, 1 for a whole line."""
    return share / (2 * least) if share < least else 0.5 + 0.5 * (share - least) / (1 - least)


def _line(edges: NDArray[np.bool_]) -> tuple[float, int]:
    """The best line in an edge map (depth, length) whose row 0 is the picture's edge.

    Returns:
        How much of it is edge, from 0, no more than the rows around it, to 1, all of it; and the row after it.
    """
    depth, length = edges.shape
    ends = int(length * _MIDDLE)
    strip = np.ascontiguousarray(edges[: int(depth * _DEEPEST) + _NEAR, ends : length - ends])
    thick = cv2.dilate(strip.astype(np.uint8), np.ones((3, 1), np.uint8))
    shares = thick.mean(axis=1)[: len(strip) - _NEAR]
    if shares.size == 0 or shares.max() == 0:
        return 0.0, 0
    row = int(np.flatnonzero(shares >= _INNERMOST * shares.max())[-1])
    if _lean(strip[max(0, row - _NEAR) : row + _NEAR + 1]) > _LEANING:
        return 0.0, 0
    usual = float(np.median(shares))
    return max(0.0, (float(shares[row]) - usual) / max(1 - usual, 1e-6)), row


def _lean(rows: NDArray[np.bool_]) -> float:
    """How far the edge pixels of some rows run out of level from one end to the other, pixels."""
    y, x = np.nonzero(rows)
    spread = float(np.var(x)) if x.size else 0.0
    if spread == 0:
        return 0.0
    slope = float(np.mean((x - x.mean()) * (y - y.mean()))) / spread
    return abs(slope) * int(rows.shape[1])
