"""How sure a figure is, and how well one number ranks another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["bootstrap_interval", "spearman"]

Numbers = Sequence[float] | NDArray[np.floating]


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
    x, y = _ranks(a), _ranks(b)
    x, y = x - x.mean(), y - y.mean()
    scale = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / scale) if scale > 0 else float("nan")


def _ranks(values: Numbers) -> NDArray[np.float64]:
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
    picks = np.random.default_rng(seed).integers(0, figures.size, (resamples, figures.size))
    low, high = np.quantile(figures[picks].mean(axis=1), [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
