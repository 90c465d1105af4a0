"""Duplicate verdict for an image pair."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from packshot.duplicates.additions import plainer_copy
from packshot.duplicates.alignment import Alignment
from packshot.duplicates.comparison import Comparison
from packshot.duplicates.fingerprint import Fingerprint
from packshot.duplicates.print_change import print_changed
from packshot.duplicates.verification import lay_over

__all__ = ["DUPLICATE", "CopyKind", "PairMatch", "evidence", "match_fingerprints"]

#: Score from which two pictures are duplicates.
DUPLICATE = 0.5

# Logistic regression of "the same photo" on `evidence`, as `benchmarks/duplicates.py --fit` does it, on 100 training
# photos, where copies and others weigh the same.
_BIAS, _CLEAR, _RECOLOURED, _OTHER_BACKGROUND = -7.71, 7.60, -36.35, 0.50
_OTHER_PRINT = 0.1  # the most for pictures that differ in print alone: they are variants of a product
_MOST_RECOLOURED = 0.3
_FINEST = 0.02  # of structural similarity: finer differences say nothing, or an equal rest would outvote another colour

_WHOLE = 0.95  # of a picture that the other shows: less was cropped
_RESIZED = 1.02  # times the side
_RELIT = 0.04  # of the tone curve: more than an encoder does to it
_RETOUCHED = 0.99  # share of the same structure: less has something laid over it


class CopyKind(StrEnum):
    """How a copy differs from the other picture; where several apply, the first of them."""

    EXACT = "exact"  # the same pixels, whatever the file
    OTHER_BACKGROUND = "other background"  # one of them on white
    MIRRORED = "mirrored"
    TURNED = "turned"  # by a quarter or half
    CROPPED = "cropped"
    NEAR_COPY = "near-copy"  # other light, or something laid over it
    RESIZED = "resized"
    RE_ENCODED = "re-encoded"


@dataclass(frozen=True, slots=True)
class PairMatch:
    """Verdict on two pictures.

    Attributes:
        score: 0..1, how sure; from `DUPLICATE` on they are duplicates.
        kind: how they differ.
        same: share of what both show that is the same, 0..1.
        plainer: 0 or 1 for the picture without the frame, word or badge that the other has; None where neither has.
    """

    score: float
    kind: CopyKind
    same: float = 1.0
    plainer: int | None = None

    @property
    def duplicate(self) -> bool:
        """Whether they are duplicates."""
        return self.score >= DUPLICATE

    def reversed(self) -> PairMatch:
        """The same verdict with the two pictures exchanged."""
        return self if self.plainer is None else replace(self, plainer=1 - self.plainer)


def match_fingerprints(one: Fingerprint, other: Fingerprint) -> PairMatch | None:
    """Verify a pair.

    Args:
        one: fingerprint of one picture.
        other: fingerprint of the other.

    Returns:
        None where they cannot even be laid on each other.
    """
    if one.pixels == other.pixels:
        return PairMatch(1.0, CopyKind.EXACT)
    found = lay_over(one, other)
    if found is None:
        return None
    way, result = found
    score = _score(*evidence(one, other, result))
    if score >= DUPLICATE and print_changed(one, other, way.matrix):
        score = min(score, _OTHER_PRINT)
    kind = _kind(one, other, way, result)
    plainer = plainer_copy(one, other, way.matrix) if score >= DUPLICATE else None
    return PairMatch(score, kind, result.same, plainer)


def evidence(one: Fingerprint, other: Fingerprint, result: Comparison) -> tuple[float, float, float]:
    """What the score weighs.

    Args:
        one: fingerprint of one picture.
        other: fingerprint of the other.
        result: what they have in common.

    Returns:
        How clear the structure in common is, in powers of ten of what is amiss: 0 for none, 1.7 for all; the share
        recoloured, at most 0.3; and 1 if just one stands on white, where a cut-out may have lost some of the product.
    """
    clear = -math.log10(1 - max(result.structure, -1.0) + _FINEST)
    return clear, min(result.recoloured, _MOST_RECOLOURED), float(one.on_white != other.on_white)


def _score(clear: float, recoloured: float, other_background: float) -> float:
    value = _BIAS + _CLEAR * clear + _RECOLOURED * recoloured + _OTHER_BACKGROUND * other_background
    return 1 / (1 + math.exp(-value))


def _kind(one: Fingerprint, other: Fingerprint, way: Alignment, result: Comparison) -> CopyKind:
    sides = max(one.size), max(other.size)
    answers = {
        CopyKind.OTHER_BACKGROUND: one.on_white != other.on_white,
        CopyKind.MIRRORED: way.mirrored,
        CopyKind.TURNED: abs(way.degrees) > 45,
        CopyKind.CROPPED: min(result.covered, result.covers) < _WHOLE,
        CopyKind.NEAR_COPY: result.relit > _RELIT or result.same < _RETOUCHED,
        CopyKind.RESIZED: max(sides) > _RESIZED * min(sides),
    }
    return next((kind for kind, holds in answers.items() if holds), CopyKind.RE_ENCODED)
