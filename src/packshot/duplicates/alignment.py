"""How one picture lies on another: by local features, to a fraction of a pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.features import Features

__all__ = ["Alignment", "align"]

_ALIKE = 0.8  # cosine of two descriptors, at least
_ROUGH, _FINE = 0.03, 0.008  # of the picture's longer side: how far a match may miss while a place is sought, and found
_LARGEST = 6.0  # times one picture may be scaled to lie on the other
_FEWEST = 4  # matches that agree: fewer do by chance


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Where the points of one picture lie in another.

    Attributes:
        matrix: float64 (2, 3): x', y' of the other picture from x, y, 1; a similarity, mirrored or not.
        matches: local features that agree on it; 0 if it was assumed.
    """

    matrix: NDArray[np.float64]
    matches: int

    @property
    def mirrored(self) -> bool:
        """Whether left and right are exchanged."""
        return bool(np.linalg.det(self.matrix[:, :2]) < 0)

    @property
    def scale(self) -> float:
        """How many pixels of the other picture a pixel of this one takes along a side."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2]))))

    @property
    def degrees(self) -> float:
        """The turn after mirroring, from x towards y, -180..180."""
        a, c = self.matrix[0, 0], self.matrix[1, 0]
        return float(np.degrees(np.arctan2(-c, -a) if self.mirrored else np.arctan2(c, a)))


def align(one: Features, other: Features, *, side: int, other_side: int) -> Alignment | None:
    """The similarity that most matches agree on.

    Every match says by itself where one picture lies on the other, as features know their size and direction; the
    place with most matches is then fitted to them by least squares. Nothing is drawn by chance.

    Source: S. Umeyama, "Least-Squares Estimation of Transformation Parameters Between Two Point Patterns" (1991).

    Args:
        one: features of the picture that is laid on the other.
        other: features of the other.
        side: longer side of the picture, pixels.
        other_side: longer side of the other.

    Returns:
        None where fewer than four agree.
    """
    pairs = _matches(one, other)
    if len(pairs) < _FEWEST:
        return None
    a, b = pairs.T
    scale = other.sizes[b] / one.sizes[a]
    turn = other.angles[b] - one.angles[a]
    linear = (scale * np.exp(1j * turn)).astype(np.complex128)
    start = _complex(one.points)[a]
    end = _complex(other.points)[b]
    sane = (scale < _LARGEST) & (scale > 1 / _LARGEST)
    if not sane.any():
        return None
    misses = np.abs(end[None] - end[:, None] - linear[:, None] * (start[None] - start[:, None]))
    agree = (misses < _ROUGH * other_side) & sane[:, None]
    # Features of one place in several directions are one witness.
    best = int(np.argmax(agree.sum(axis=1)))
    inside = agree[best]
    factor, offset = linear[best], end[best] - linear[best] * start[best]
    for tolerance in (_ROUGH, (_ROUGH + _FINE) / 2, _FINE, _FINE):
        if _witnesses(start[inside]) < _FEWEST:
            return None
        factor, offset = _fit(start[inside], end[inside])
        if not 1 / _LARGEST < abs(factor) < _LARGEST:
            return None
        inside = np.abs(factor * start + offset - end) < tolerance * max(other_side, abs(factor) * side)
    witnesses = _witnesses(start[inside])
    if witnesses < _FEWEST:
        return None
    matrix = np.array([[factor.real, -factor.imag, offset.real], [factor.imag, factor.real, offset.imag]])
    return Alignment(matrix, witnesses)


def _matches(one: Features, other: Features) -> NDArray[np.intp]:
    """Pairs of features that are each other's nearest, (n, 2)."""
    if not len(one) or not len(other):
        return np.zeros((0, 2), np.intp)
    alike = _root(one) @ _root(other).T
    there, back = alike.argmax(axis=1), alike.argmax(axis=0)
    here = np.arange(len(one))
    mutual = (back[there] == here) & (alike[here, there] > _ALIKE)
    return np.stack([here[mutual], there[mutual]], axis=1)


def _root(features: Features) -> NDArray[np.float32]:
    """Descriptors whose products are cosines (R. Arandjelovic, A. Zisserman 2012)."""
    descriptors = features.descriptors.astype(np.float32)
    return np.asarray(np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1)), np.float32)


def _complex(points: NDArray[np.float32]) -> NDArray[np.complex128]:
    return points[:, 0].astype(np.float64) + 1j * points[:, 1]


def _fit(start: NDArray[np.complex128], end: NDArray[np.complex128]) -> tuple[complex, complex]:
    centre, target = start.mean(), end.mean()
    spread = float(np.sum(np.abs(start - centre) ** 2))
    factor = complex(np.sum((end - target) * np.conj(start - centre)) / max(spread, 1e-9))
    return factor, complex(target - factor * centre)


def _witnesses(points: NDArray[np.complex128]) -> int:
    """Places, to half a pixel."""
    return len(np.unique(np.rint(points * 2)))
