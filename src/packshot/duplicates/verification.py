"""Verification of a pair: the best alignment of one picture on the other, and what they have in common there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.alignment import Alignment, align
from packshot.duplicates.comparison import Comparison, compare
from packshot.duplicates.fingerprint import Fingerprint
from packshot.duplicates.perceptual_hash import hamming, symmetries

__all__ = ["lay_over"]

_ALIKE_HASH = 10  # bits of 64: nearer than this the whole pictures may lie on each other
_PLAIN = 20  # matches: fewer are also tried against laying the whole pictures on each other


def lay_over(one: Fingerprint, other: Fingerprint) -> tuple[Alignment, Comparison] | None:
    """The best way to lay one picture on another, and what they have in common there.

    Mirrored and unmirrored are tried by local features; pictures with few of them, whose hashes are alike, also as a
    whole, turned and mirrored as the hashes say.

    Args:
        one: the picture that is laid on the other.
        other: the other.

    Returns:
        None where there is no such way.
    """
    found = [way for way in (_by_features(one, other, mirror=False), _by_features(one, other, mirror=True)) if way]
    found = sorted(found, key=lambda way: -way.matches)[:1]
    if not found or found[0].matches < _PLAIN:
        found += _by_hash(one, other)
    compared = [(way, result) for way in found if (result := compare(one, other, way.matrix)) is not None]
    return max(compared, key=lambda pair: pair[1].same * min(pair[1].covered, pair[1].covers), default=None)


def _by_features(one: Fingerprint, other: Fingerprint, *, mirror: bool) -> Alignment | None:
    height, width = one.thumbnail.shape[:2]
    features = one.features.mirrored(width) if mirror else one.features
    way = align(features, other.features, side=max(height, width), other_side=max(other.thumbnail.shape[:2]))
    if way is None or not mirror:
        return way
    return Alignment(_after(way.matrix, np.array([[-1.0, 0, width - 1], [0, 1, 0]])), way.matches)


def _by_hash(one: Fingerprint, other: Fingerprint) -> list[Alignment]:
    distances = hamming(symmetries(one.hash), np.array(other.hash, np.uint64))
    return [Alignment(_position(place, one, other), 0) for place in np.flatnonzero(distances <= _ALIKE_HASH).tolist()]


def _position(place: int, one: Fingerprint, other: Fingerprint) -> NDArray[np.float64]:
    """The matrix of one of the eight positions, in the order of `symmetries`, stretched to the other's size."""
    height, width = one.thumbnail.shape[:2]
    to_height, to_width = other.thumbnail.shape[:2]
    across, down = ((1, 1), (-1, -1), (-1, 1), (1, -1))[place // 2]
    # In coordinates -1..1: mirrored first, then rows and columns exchanged.
    linear = np.diag([float(across), float(down)])
    if place % 2:
        linear = linear[::-1]
    into = np.array([[2 / width, 0, 1 / width - 1], [0, 2 / height, 1 / height - 1]])
    out = np.array([[to_width / 2, 0, (to_width - 1) / 2], [0, to_height / 2, (to_height - 1) / 2]])
    return _after(out, _after(np.hstack([linear, np.zeros((2, 1))]), into))


def _after(second: NDArray[np.float64], first: NDArray[np.float64]) -> NDArray[np.float64]:
    """The matrix that does the first, then the second."""
    return np.asarray((np.vstack([second, [0, 0, 1]]) @ np.vstack([first, [0, 0, 1]]))[:2], np.float64)
