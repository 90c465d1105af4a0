"""What is said of two pictures that are one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from packshot.duplicates.alignment import Alignment
from packshot.duplicates.comparison import Comparison
from packshot.duplicates.prints import Print
from packshot.duplicates.verification import lay_over

__all__ = ["DUPLICATE", "Kind", "Match", "evidence", "match_prints"]

#: Score from which two pictures count as one.
DUPLICATE = 0.5

# Logistic regression of "the same photo" on `evidence`, by `benchmarks/duplicates.py --fit --photos 150` on training
# photos, where copies and others weigh the same.
_BIAS, _CLEAR, _RECOLOURED, _OTHER_GROUND = -6.17, 4.51, -26.41, 3.01
_MOST_RECOLOURED = 0.3
_FINEST = 0.002  # of structural similarity: what encoders alone take away

_WHOLE = 0.95  # of a picture that the other shows: less was cropped
_RESIZED = 1.02  # times the side
_RELIT = 0.04  # of the tone curve: more than an encoder does to it
_RETOUCHED = 0.99  # share of the same structure: less has something laid over it


class Kind(StrEnum):
    """How a copy differs from the other picture; where several apply, the first of them."""

    EXACT = "exact"  # the same pixels, whatever the file
    OTHER_GROUND = "other ground"  # one of them on white
    MIRRORED = "mirrored"
    TURNED = "turned"  # by a quarter or half
    CROPPED = "cropped"
    NEAR_COPY = "near-copy"  # other light, or something laid over it
    RESIZED = "resized"
    RE_ENCODED = "re-encoded"


@dataclass(frozen=True, slots=True)
class Match:
    """Two pictures that may be one.

    Attributes:
        score: 0..1, how sure; from `DUPLICATE` on they count as one.
        kind: how they differ.
        same: share of what both show that is the same, 0..1.
    """

    score: float
    kind: Kind
    same: float = 1.0

    @property
    def duplicate(self) -> bool:
        """Whether they count as one."""
        return self.score >= DUPLICATE


def match_prints(one: Print, other: Print) -> Match | None:
    """Verify a pair.

    Args:
        one: print of one picture.
        other: print of the other.

    Returns:
        None where they cannot even be laid on each other.
    """
    if one.pixels == other.pixels:
        return Match(1.0, Kind.EXACT)
    found = lay_over(one, other)
    if found is None:
        return None
    way, result = found
    return Match(_score(*evidence(one, other, result)), _kind(one, other, way, result), result.same)


def evidence(one: Print, other: Print, result: Comparison) -> tuple[float, float, float]:
    """What the score weighs.

    Args:
        one: print of one picture.
        other: print of the other.
        result: what they have in common.

    Returns:
        How clear the structure in common is, in powers of ten of what is amiss: 0 for none, 2.7 for all; the share
        recoloured, at most 0.3; and 1 if just one stands on white, where a cut-out may have lost some of the product.
    """
    clear = -math.log10(1 - max(result.structure, -1.0) + _FINEST)
    return clear, min(result.recoloured, _MOST_RECOLOURED), float(one.on_white != other.on_white)


def _score(clear: float, recoloured: float, other_ground: float) -> float:
    value = _BIAS + _CLEAR * clear + _RECOLOURED * recoloured + _OTHER_GROUND * other_ground
    return 1 / (1 + math.exp(-value))


def _kind(one: Print, other: Print, way: Alignment, result: Comparison) -> Kind:
    sides = max(one.size), max(other.size)
    answers = {
        Kind.OTHER_GROUND: one.on_white != other.on_white,
        Kind.MIRRORED: way.mirrored,
        Kind.TURNED: abs(way.degrees) > 45,
        Kind.CROPPED: min(result.covered, result.covers) < _WHOLE,
        Kind.NEAR_COPY: result.relit > _RELIT or result.same < _RETOUCHED,
        Kind.RESIZED: max(sides) > _RESIZED * min(sides),
    }
    return next((kind for kind, holds in answers.items() if holds), Kind.RE_ENCODED)
