"""Two answers on the same photos: does a change matter?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

__all__ = ["clustered_interval", "holm", "mcnemar"]

Numbers = Sequence[float]


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided test of McNemar 1947: how likely such a difference is if a change made none.

    Args:
        only_first: photos that only the first way answered rightly.
        only_second: photos that only the second way answered rightly.

    Returns:
        p, 0..1; 1 where the ways never differ.

    Example:
        >>> round(mcnemar(8, 2), 4)
        0.1094
    """
    differ = only_first + only_second
    tail = sum(math.comb(differ, count) for count in range(min(only_first, only_second) + 1))
    return min(1.0, float(2 * tail / 2**differ))


def holm(chances: Sequence[float]) -> list[float]:
    """p-values of several tests, adjusted so that together they mislead no more often than one (Holm 1979).

    Example:
        >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
        [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    adjusted, highest = [0.0] * len(chances), 0.0
    for place, at in enumerate(order):
        highest = max(highest, min(1.0, (len(chances) - place) * chances[at]))
        adjusted[at] = highest
    return adjusted


def clustered_interval(
    values: Numbers, clusters: Sequence[str], *, confidence: float = 0.95, resamples: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Percentile bootstrap interval of a mean whose values come in clusters: photos of one product are no new evidence.

    Args:
        values: one for each photo.
        clusters: the product of each photo.
        confidence: of the interval, 0..1.
        resamples: how many means are drawn, of whole clusters.
        seed: of the draw.

    Returns:
        (low, high).
    """
    if not values:
        raise ValueError("clustered_interval: expected at least one value, got none")
    names = sorted(set(clusters))
    place = {name: at for at, name in enumerate(names)}
    sums, counts = np.zeros(len(names)), np.zeros(len(names))
    for value, cluster in zip(values, clusters, strict=True):
        sums[place[cluster]] += value
        counts[place[cluster]] += 1
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(names), (resamples, len(names)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
