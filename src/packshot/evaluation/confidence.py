"""How sure a figure is, and how well one number ranks another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from packshot.values import AnyArray

__all__ = ["bootstrap_interval", "ranks", "resampled_interval", "spearman", "spearman_interval"]

Numbers = Sequence[float] | AnyArray

_DRAWN_AT_ONCE = 500_000


def spearman(a: Numbers, b: Numbers) -> float:
    """Spearman's rank correlation; ties share their mean rank.

    Args:
        a: n numbers.
        b: n numbers.

    Returns:
        -1 (opposite order) .. 1 (same order); nan if n < 2 or one of them is constant.

    Example:
        >>> spearman([1, 2, 3], [10, 20, 15])
        0.5
    """
    if len(a) != len(b):
        raise ValueError(f"spearman: expected two sequences of one length, got {len(a)} and {len(b)}")
    if len(a) < 2:
        return float("nan")
    x, y = ranks(a), ranks(b)
    x, y = x - x.mean(), y - y.mean()
    scale = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / scale) if scale > 0 else float("nan")


def ranks(values: Numbers) -> NDArray[np.float64]:
    """Places 1..n from the smallest up; ties share their mean rank.

    Example:
        >>> ranks([10, 30, 10]).tolist()
        [1.5, 3.0, 1.5]
    """
    _, inverse, counts = np.unique(np.asarray(values, np.float64), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], np.float64)


def bootstrap_interval(
    values: Numbers, *, confidence: float = 0.95, resamples: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """Percentile bootstrap interval of a mean (Efron & Tibshirani 1993, chapter 13).

    Args:
        values: one figure per independent unit, at least one.
        confidence: of the interval, 0..1.
        resamples: how many means are drawn.
        seed: of the draw; the same seed gives the same interval.

    Returns:
        (low, high).
    """
    figures = np.asarray(values, np.float64)
    if figures.size == 0:
        raise ValueError("bootstrap_interval: expected at least one value, got none")
    rng = np.random.default_rng(seed)
    # As many resamples at once as fit into some megabytes: of a hundred thousand figures, all would be gigabytes.
    rows = max(1, min(resamples, _DRAWN_AT_ONCE // figures.size))
    means: list[float] = []
    while len(means) < resamples:
        picks = rng.integers(0, figures.size, (min(rows, resamples - len(means)), figures.size))
        means.extend(figures[picks].mean(axis=1).tolist())
    return _middle(means, confidence)


def resampled_interval(
    statistic: Callable[[NDArray[np.int64]], float],
    units: int,
    *,
    confidence: float = 0.95,
    resamples: int = 500,
    seed: int = 0,
) -> tuple[float, float]:
    """Percentile bootstrap interval of any figure, also of one that is no mean: a ratio of sums, a best threshold.

    Args:
        statistic: the figure of those units whose numbers it is given, int64 (units,), drawn with replacement; draws
            for which it is nan are left out.
        units: independent of each other, at least one.
        confidence: of the interval, 0..1.
        resamples: how many figures are drawn.
        seed: of the draw.

    Returns:
        (low, high); nan if the figure was nan in all draws.
    """
    if units < 1:
        raise ValueError(f"resampled_interval: expected at least one unit, got {units}")
    rng = np.random.default_rng(seed)
    drawn = [statistic(rng.integers(0, units, units)) for _ in range(resamples)]
    defined = [each for each in drawn if not np.isnan(each)]
    return _middle(defined, confidence) if defined else (float("nan"), float("nan"))


def spearman_interval(
    a: Numbers, b: Numbers, *, confidence: float = 0.95, resamples: int = 500, seed: int = 0
) -> tuple[float, float]:
    """Percentile bootstrap interval of `spearman`, pairs drawn together.

    Args:
        a: n numbers.
        b: n numbers.
        confidence: of the interval, 0..1.
        resamples: how many correlations are drawn.
        seed: of the draw.

    Returns:
        (low, high); nan where the correlation itself is.
    """
    if np.isnan(spearman(a, b)):
        return float("nan"), float("nan")
    x, y = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return resampled_interval(
        lambda pick: spearman(x[pick], y[pick]), x.size, confidence=confidence, resamples=resamples, seed=seed
    )


def _middle(drawn: Sequence[float], confidence: float) -> tuple[float, float]:
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
