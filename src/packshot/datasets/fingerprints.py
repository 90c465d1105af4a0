"""Know a picture again: exactly by its pixels, roughly by a difference hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import AnyArray, Rgb

__all__ = ["Fingerprint", "fingerprint", "look_alikes"]

_SIDE = 16
_BITS = 16  # of 256 may differ
_LEVELS = 6.0  # of 255, mean difference of the thumbnails


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a picture.

    Attributes:
        pixels: digest of size and pixels.
        hash: bool (256,): whether each cell of 16 x 16 is brighter than its left neighbour.
        thumbnail: uint8 (16, 16, 3).
    """

    pixels: bytes
    hash: NDArray[np.bool_]
    thumbnail: NDArray[np.uint8]


def fingerprint(rgb: Rgb) -> Fingerprint:
    """Fingerprint a picture.

    Source: N. Krawetz, "Kind of Like That" (2013), the difference hash; here of 16 x 16 instead of 8 x 8 bits.

    Args:
        rgb: uint8 (h, w, 3).
    """
    digest = hashlib.blake2b(repr(rgb.shape).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(rgb).data)
    small = np.asarray(cv2.resize(rgb, (_SIDE + 1, _SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    return Fingerprint(digest.digest(), (grey[:, 1:] > grey[:, :-1]).ravel(), small[:, :_SIDE])


def look_alikes(some: Sequence[Fingerprint], others: Sequence[Fingerprint]) -> Iterator[tuple[int, int]]:
    """Pairs that are most likely the same picture, saved again, scaled, or a frame of the same burst.

    At most 16 of the 256 bits differ, and the thumbnails by at most 6 of 255 levels in the mean.

    Args:
        some: fingerprints of one side.
        others: fingerprints of the other side.

    Yields:
        Positions in both.
    """
    if not (some and others):
        return
    # With bits as -1 and 1, the number that differ is (256 - dot product) / 2.
    right = _signs(others)
    for start in range(0, len(some), 1024):
        products = _signs(some[start : start + 1024]) @ right.T
        for i, j in zip(*np.nonzero(products >= _SIDE * _SIDE - 2 * _BITS), strict=True):
            a, b = some[start + int(i)].thumbnail, others[int(j)].thumbnail
            if np.abs(a.astype(np.int16) - b).mean() <= _LEVELS:
                yield start + int(i), int(j)


def _signs(prints: Sequence[Fingerprint]) -> AnyArray:
    return np.stack([p.hash for p in prints]).astype(np.float32) * 2 - 1
