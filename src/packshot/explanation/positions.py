"""Where on the product a place of a grid lies; shared by training, which learns from it, and by serving."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha

__all__ = ["POSITIONS", "position_basis"]

_BANDS = np.linspace(-1, 1, 9)  # heights on the product, from its upper to its lower end
_BAND = 0.2
_NARROWEST = 0.3  # of its height: a product is taken to be at least so wide
_FARTHEST = 2.0

#: How many numbers say where on the product a place is.
POSITIONS = 3 + len(_BANDS)


def position_basis(alpha: Alpha, *, size: tuple[int, int]) -> NDArray[np.float32]:
    """Where each place of a grid lies on the product: how far to the side, and how high.

    Args:
        alpha: float32 (h, w) in 0..1; one without a product counts as full.
        size: (columns, rows) of the grid.

    Returns:
        float32 (12, rows, columns): across, its distance from the middle, down, each -1..1 from edge to edge of the
        product, and nine bands of height.
    """
    columns, rows = size
    inside = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > 0.5
    ys, xs = np.nonzero(inside)
    top, bottom, left, right = (ys.min(), ys.max() + 1, xs.min(), xs.max() + 1) if ys.size else (0, rows, 0, columns)
    height = bottom - top
    y = (np.arange(rows) + 0.5 - top) / height * 2 - 1
    x = (np.arange(columns) + 0.5 - (left + right) / 2) / max(right - left, _NARROWEST * height) * 2
    down, across = np.meshgrid(y, x, indexing="ij")
    bands = [np.exp(-(((down - band) / _BAND) ** 2)) for band in _BANDS]
    basis = np.stack([across, np.abs(across), down, *bands])
    return np.asarray(np.clip(basis, -_FARTHEST, _FARTHEST), np.float32)
