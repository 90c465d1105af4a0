"""Thin parts on top of a garment: a hanger, which a network takes along with all certainty, or straps half lost."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["hook", "knobs"]

_NARROW = 0.15  # of the product's width: no collar is so narrow
_TOP = 0.18  # of the product's height
_THICK = 0.015  # of the diagonal: the radius of what is too thin for a garment's shoulder


def hook(chosen: NDArray[np.bool_]) -> float:
    """How long the product is narrow from its top on, of its height, 0..1: a hanger's hook, or a stem.

    Args:
        chosen: bool (h, w), with at least one pixel set.
    """
    top, bottom, left, right = _bounds(chosen)
    widths = chosen[top:bottom].sum(axis=1) / (right - left)
    wide = np.flatnonzero(widths > _NARROW)
    return float(wide[0] / (bottom - top)) if wide.size else 1.0


def knobs(chosen: NDArray[np.bool_]) -> float:
    """Thin parts in the product's topmost fifth, of its area, 0..1: a hanger's hook, bar and clips.

    Args:
        chosen: bool (h, w), with at least one pixel set.
    """
    top, bottom, _, _ = _bounds(chosen)
    radius = max(1, round(_THICK * float(np.hypot(*chosen.shape))))
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    end = min(bottom + radius, top + int(_TOP * (bottom - top)) + 1 + 2 * radius)
    part = np.pad(chosen[max(0, top - radius) : end].astype(np.uint8), 2 * radius, mode="edge")
    thin = np.asarray(part - cv2.min(part, cv2.morphologyEx(part, cv2.MORPH_OPEN, window)), np.uint8)
    inner = slice(2 * radius, -2 * radius)
    thin = thin[inner, inner][: min(top, radius) + int(_TOP * (bottom - top)) + 1]
    thin = np.asarray(cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.uint8)
    return float(np.count_nonzero(thin) / np.count_nonzero(chosen))


def _bounds(chosen: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """First row, row after the last, first column, column after the last."""
    rows, columns = np.flatnonzero(chosen.any(axis=1)), np.flatnonzero(chosen.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
