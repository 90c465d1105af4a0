"""Categories told apart by the mean of their examples, in the metric of how examples spread around their means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Prototypes", "fit_prototypes", "unit_length"]

Numbers = NDArray[np.float32]

# Of the spread, the part that is taken to be the same in every direction: five photos a category tell little of it.
# Chosen by cross-validation, docs/decisions/0032-own-tree.md.
_SHRINKAGE = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Prototypes:
    """A linear rule for k categories.

    Attributes:
        means: float32 (k, d), the mean of each category's examples, of length 1.
        weights: float32 (k, d).
        bias: float32 (k,).
    """

    means: Numbers
    weights: Numbers
    bias: Numbers

    def scores(self, features: Numbers) -> Numbers:
        """How much speaks for each category: float32 (n, k), comparable within a row.

        Args:
            features: float32 (n, d), each of length 1.
        """
        return np.asarray(features @ self.weights.T + self.bias, np.float32)

    def likeness(self, features: Numbers) -> Numbers:
        """Cosine with the mean that is nearest: float32 (n,), -1..1.

        Args:
            features: float32 (n, d), each of length 1.
        """
        return np.asarray((features @ self.means.T).max(axis=1), np.float32)


def fit_prototypes(features: Numbers, places: Sequence[int], *, count: int) -> Prototypes:
    """Linear discriminant analysis with one spread for all categories, shrunk by 0.9 towards a sphere (Friedman 1989).

    Args:
        features: float32 (n, d), each of length 1.
        places: of each row its category, 0 to `count` - 1; every category has at least one.
        count: of categories, k.

    Example:
        >>> two = fit_prototypes(np.float32([[1, 0], [0.8, 0.6], [0, 1], [0.6, 0.8]]), [0, 0, 1, 1], count=2)
        >>> two.scores(np.float32([[1, 0], [0, 1]])).argmax(axis=1).tolist()
        [0, 1]
    """
    x, y = np.asarray(features, np.float64), np.asarray(places)
    means = np.stack([x[y == place].mean(axis=0) for place in range(count)])
    rest = x - means[y]
    spread = rest.T @ rest / max(1, len(x) - count)
    level = max(float(np.trace(spread)) / len(spread), 1e-6)
    metric = (1 - _SHRINKAGE) * spread + _SHRINKAGE * level * np.eye(len(spread))
    weights = np.linalg.solve(metric, means.T).T
    bias = -0.5 * (means * weights).sum(axis=1)
    return Prototypes(unit_length(means), np.asarray(weights, np.float32), np.asarray(bias, np.float32))


def unit_length(rows: NDArray[np.float64] | Numbers) -> Numbers:
    """Rows divided by their lengths: float32 (n, d)."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)
