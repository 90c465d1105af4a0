"""64 bits that stay when a picture is saved again, scaled or relit, and that can be turned and mirrored themselves."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Rgb

__all__ = ["hamming", "perceptual_hash", "symmetries"]

_SIDE = 32  # pixels the picture is reduced to, whatever its shape
_LOW = 8  # frequencies along each side: one bit each


def perceptual_hash(rgb: Rgb) -> int:
    """The signs of a picture's 64 lowest frequencies.

    A deviation from the source, which compares with the median: signs follow a mirrored or turned picture exactly, so
    the hashes of all eight positions come from the hash itself, see `symmetries`. The first bit, the mean's, is 0.

    Source: C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), DCT based hash.

    Args:
        rgb: uint8 (h, w, 3).

    Returns:
        64 bits; row by row, the lowest frequency first, the first one lowest.
    """
    grey = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    bits = cv2.dct(grey.astype(np.float32))[:_LOW, :_LOW] > 0
    bits[0, 0] = False
    return _pack(bits)


def symmetries(bits: int) -> NDArray[np.uint64]:
    """The hashes of the picture in its eight positions: turned by 0, 90, 180, 270, and mirrored as well.

    Args:
        bits: of `perceptual_hash`.

    Returns:
        uint64 (8,): first the picture's own.
    """
    # Mirroring changes the sign of every odd frequency, turning also swaps rows and columns.
    grid = np.array([bits >> place & 1 for place in range(_LOW * _LOW)], bool).reshape(_LOW, _LOW)
    across, down = _odd_columns(), _odd_columns().T
    upright = [grid, grid ^ across ^ down, grid ^ across, grid ^ down]
    both = [one for turned in upright for one in (turned, turned.T)]
    return np.array([_pack(one) for one in both], np.uint64)


def hamming(bits: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many of 64 bits differ, with numpy's rules of broadcasting."""
    return np.asarray(np.bitwise_count(bits ^ others), np.int64)


@lru_cache(maxsize=1)
def _odd_columns() -> NDArray[np.bool_]:
    odd = np.zeros((_LOW, _LOW), bool)
    odd[:, 1::2] = True
    return odd


def _pack(bits: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(bits.ravel(), bitorder="little").tobytes(), "little")
