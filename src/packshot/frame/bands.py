"""What lies outside an inner box: how much the strips along the sides look like bands that somebody added."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.values import Box, Rgb

__all__ = ["band_evenness"]

_ALIKE = 12  # levels: a pixel that differs by no more from the middle of its row is of the row's colour
_DISTINCT = 64  # levels between band and picture, from which on more says no more
_ENDS = 0.05  # of a band, at each end, left to the corners
_ROWS, _COLUMNS = 16, 128  # of a band that are looked at; at most twice as many
_BESIDE = 3  # rows of the picture, at least, that a band is compared with

Bytes = NDArray[np.uint8]


def band_evenness(rgb: Rgb, box: Box) -> float:
    """How even, and how distinct from the picture, the most evident of the bands outside a box is.

    A band that somebody added is mostly one colour along its side, or one colour a row, and another one than what lies
    inside. What a camera saw there changes along the side, or goes on in the picture.

    Args:
        rgb: uint8 (h, w, 3).
        box: the picture inside the bands; a side on the picture's own edge has none.

    Returns:
        Of the best side: the share of its pixels that have the colour of their row, times its distance from the picture
        beside it, 1 from 64 levels on. 0 where no side has a band.
    """
    height, width = rgb.shape[:2]
    turned = rgb.transpose(1, 0, 2)
    bands = (turned, box.x0), (rgb, box.y0), (turned[::-1], width - box.x1), (rgb[::-1], height - box.y1)
    return max(_evenness(lines, depth) if depth else 0.0 for lines, depth in bands)


def _evenness(lines: Rgb, depth: int) -> float:
    """Of one band: lines (n, length, 3) run along the side, the outermost first; the first `depth` are the band's."""
    end = int(lines.shape[1] * _ENDS)
    along = lines[:, end : lines.shape[1] - end : max(1, (lines.shape[1] - 2 * end) // _COLUMNS)]
    # The last row may be mixed with the picture, and so may the first one after it.
    last = depth - 1 if depth > 2 else depth
    band = _planes(along[:last])
    picture = _planes(along[depth + 1 : depth + 1 + max(_BESIDE, depth)])
    if not picture.size:
        return 0.0
    rows = _middle(band)
    off = np.maximum(band, rows[..., None]) - np.minimum(band, rows[..., None])
    apart = np.abs(_middle(rows).astype(int) - _middle(_middle(picture))).max()
    return float((off.max(axis=0) <= _ALIKE).mean()) * min(1.0, float(apart) / _DISTINCT)


def _planes(rows: Rgb) -> Bytes:
    """Some of the rows (n, length, 3), the colours first: (3, at most 2 * _ROWS, length)."""
    return np.ascontiguousarray(rows[:: max(1, len(rows) // _ROWS)].transpose(2, 0, 1))


def _middle(values: Bytes) -> Bytes:
    """The median along the last axis; of an even number the upper one of the two in the middle."""
    half = values.shape[-1] // 2
    return np.partition(values, half, axis=-1)[..., half]
