"""Filter pictures beside the photos that excite the same units: what a unit wants to see, and what it sees in fact."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Rgb

__all__ = ["Strengths", "compared_row", "differing_units", "exciting_photos", "sheet_of", "sheet_row"]

#: float32 (photos, units): the mean of each unit's map of each photo.
Strengths = NDArray[np.float32]

_GAP, _PAPER = 2, 245
_BETWEEN = 12  # pixels between before and after
_WORDS, _INK, _FONT = 18, (20, 20, 20), (cv2.FONT_HERSHEY_SIMPLEX, 0.42)  # height of a line of words


def differing_units(strengths: Strengths, count: int) -> list[int]:
    """The units whose strength differs most from photo to photo, in terms of its size; all, where there are fewer.

    Example:
        >>> differing_units(np.array([[1, 5, 1], [1, 5.5, 3]], np.float32), 2)
        [2, 1]
    """
    spread = strengths.std(0) / (np.abs(strengths).mean(0) + 1e-9)
    return [int(unit) for unit in np.argsort(-spread, kind="stable")[:count]]


def exciting_photos(strengths: Strengths, unit: int, count: int) -> list[int]:
    """The photos that excite a unit most, the most exciting first; all, where there are fewer.

    Example:
        >>> exciting_photos(np.array([[0.1], [0.7], [0.3]], np.float32), 0, 2)
        [1, 2]
    """
    return [int(photo) for photo in np.argsort(-strengths[:, unit], kind="stable")[:count]]


def sheet_row(made: Sequence[Rgb], photos: Sequence[Rgb]) -> Rgb:
    """Pictures made for a unit, then photos fitted into squares of their size, side by side.

    Args:
        made: uint8 (side, side, 3), at least one.
        photos: uint8 (h, w, 3) of any size.

    Returns:
        uint8 (side, n * (side + 2), 3).
    """
    squares = [*made, *(_square(photo, made[0].shape[0]) for photo in photos)]
    padded = [np.pad(each, ((0, 0), (0, _GAP), (0, 0)), constant_values=_PAPER) for each in squares]
    return np.asarray(np.hstack(padded), np.uint8)


def compared_row(unit: int, before: Rgb, after: Rgb) -> Rgb:
    """A row of `sheet_row` before fine-tuning and one after it, side by side under words that say so.

    Args:
        unit: its number.
        before: uint8 (h, w, 3).
        after: the same shape.

    Returns:
        uint8 (h + 18, 2 * w + 12, 3).
    """
    halves = []
    for words, row in (("before", before), ("after", after)):
        line = np.full((_WORDS, row.shape[1], 3), _PAPER, np.uint8)
        cv2.putText(line, f"unit {unit}, {words}", (2, _WORDS - 5), *_FONT, _INK, 1, cv2.LINE_AA)
        halves.append(np.vstack([line, row]))
    between = np.full((halves[0].shape[0], _BETWEEN, 3), _PAPER, np.uint8)
    return np.asarray(np.hstack([halves[0], between, halves[1]]), np.uint8)


def sheet_of(rows: Sequence[Rgb]) -> Rgb:
    """Rows of one width under each other: uint8 (n * (side + 2), w, 3)."""
    padded = [np.pad(row, ((0, _GAP), (0, 0), (0, 0)), constant_values=_PAPER) for row in rows]
    return np.asarray(np.vstack(padded), np.uint8)


def _square(rgb: Rgb, side: int) -> Rgb:
    """A photo fitted into a square."""
    scale = side / max(rgb.shape[:2])
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    whole = np.full((side, side, 3), _PAPER, np.uint8)
    y, x = (side - size[1]) // 2, (side - size[0]) // 2
    whole[y : y + size[1], x : x + size[0]] = small
    return whole
