"""How good a tree learnt from a few photos is, on those photos: each is answered by what the others taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.description.own_tree.prototypes import Prototypes, fit_prototypes

__all__ = ["CrossValidation", "cross_validated"]

Numbers = NDArray[np.float32]

_FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class CrossValidation:
    """What each example got from the others.

    Attributes:
        folds: how often a part was left out.
        scores: float32 (n, k), of each example by the rule that had not seen it.
        likeness: float32 (n,), its cosine with the nearest mean of that rule.
        places: int (n,), its true category.
    """

    folds: int
    scores: Numbers
    likeness: Numbers
    places: NDArray[np.intp]

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the likeliest category is the true one: bool (n,)."""
        return np.asarray(self.scores.argmax(axis=1) == self.places)

    @property
    def accuracy(self) -> float:
        """Share of examples that are right, 0..1."""
        return float(self.right.mean())


def cross_validated(features: Numbers, places: Sequence[int], *, views: Mapping[int, int]) -> CrossValidation:
    """Leave out a fifth of each category's examples at a time, at least one, and answer them by the rest.

    Args:
        features: float32 (m, d), each of length 1: the n examples, then further views of them, to learn from only.
        places: of the n examples their categories, 0 to k - 1; at least two of each.
        views: row of a further view to the row of its example: what is left out takes its views along.
    """
    y = np.asarray(places, np.intp)
    n, count = len(y), int(y.max()) + 1
    turn = np.zeros(n, np.intp)
    for place in range(count):
        members = np.flatnonzero(y == place)
        turn[members] = np.arange(len(members))
    folds = int(min(_FOLDS, turn.max() + 1))
    turn %= folds
    owner = np.array([*range(n), *(views[row] for row in range(n, len(features)))], np.intp)
    scores, likeness = np.zeros((n, count), np.float32), np.zeros(n, np.float32)
    for fold in range(folds):
        taught, asked = turn[owner] != fold, np.flatnonzero(turn == fold)
        rule: Prototypes = fit_prototypes(features[taught], y[owner[taught]].tolist(), count=count)
        scores[asked], likeness[asked] = rule.scores(features[asked]), rule.likeness(features[asked])
    return CrossValidation(folds, scores, likeness, y)
