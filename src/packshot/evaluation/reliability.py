"""Whether an uncertainty can be trusted: does it say how wrong a result is, and does it know the bad ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packshot.evaluation.confidence import Numbers, bootstrap_interval, resampled_interval
from packshot.heads.thresholds import most_kept

__all__ = [
    "OperatingPoint",
    "ReliabilityBin",
    "RiskCoverage",
    "coverage_at_precision",
    "reliability",
    "risk_coverage",
]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Results of about the same uncertainty.

    Attributes:
        count: how many.
        uncertainty: their mean uncertainty.
        error: their mean true error.
        low: lower end of the error's 95 % bootstrap interval.
        high: upper end.
    """

    count: int
    uncertainty: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class RiskCoverage:
    """What is left when the most uncertain results are set aside, one point for every number kept.

    Attributes:
        coverage: (n,) share of results kept, 1/n .. 1.
        risk: (n,) mean true error of what is kept.
        ideal: (n,) the same, had the true errors decided: no uncertainty can do better.
    """

    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]
    ideal: NDArray[np.float64]

    @property
    def area(self) -> float:
        """Mean risk over all coverages (AURC, Geifman & El-Yaniv 2017); the mean error if the order says nothing."""
        return float(self.risk.mean())

    @property
    def ideal_area(self) -> float:
        """The least area any order of these results can have."""
        return float(self.ideal.mean())


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """From which score on answers can be trusted.

    Attributes:
        coverage: share of photos with that score or more, 0..1; 0 if no threshold reaches the target.
        low: lower end of the coverage's 95 % bootstrap interval, the threshold chosen anew in every draw.
        high: upper end.
        threshold: answers with `score >= threshold` are kept; None if no threshold reaches the target.
        precision: share of right answers among them, 0..1; None with the threshold.
    """

    coverage: float
    low: float
    high: float
    threshold: float | None
    precision: float | None


def reliability(uncertainty: Numbers, error: Numbers, *, bins: int = 10) -> list[ReliabilityBin]:
    """Predicted uncertainty beside true error, in bins of equally many results, the surest first.

    Equally many and not equally wide: uncertainties crowd near 0, and bins of two or three results say nothing.

    Args:
        uncertainty: n numbers, n >= 1.
        error: n numbers, such as 1 - IoU.
        bins: at most; fewer if there are fewer than five results for each.
    """
    doubt, wrong = _pair(uncertainty, error)
    order = np.argsort(doubt, kind="stable")
    parts = np.array_split(order, max(1, min(bins, doubt.size // 5)))
    return [
        ReliabilityBin(
            part.size, float(doubt[part].mean()), float(wrong[part].mean()), *bootstrap_interval(wrong[part])
        )
        for part in parts
    ]


def risk_coverage(uncertainty: Numbers, error: Numbers) -> RiskCoverage:
    """Keep the surest k of n results, for every k (El-Yaniv & Wiener 2010). Ties keep their given order.

    Args:
        uncertainty: n numbers, n >= 1.
        error: n numbers, such as 1 - IoU.
    """
    doubt, wrong = _pair(uncertainty, error)
    kept = np.arange(1, doubt.size + 1)
    return RiskCoverage(
        coverage=kept / doubt.size,
        risk=np.cumsum(wrong[np.argsort(doubt, kind="stable")]) / kept,
        ideal=np.cumsum(np.sort(wrong)) / kept,
    )


def coverage_at_precision(score: Numbers, correct: ArrayLike, *, target: float = 0.95) -> OperatingPoint:
    """The largest share of answers, the highest scores first, of which at least `target` are right.

    Answers of equal score are kept or dropped together. The threshold is fitted to these answers: choose it on
    validation, and measure it on photos that did not choose it.

    Args:
        score: n finite numbers, higher when surer, n >= 1.
        correct: n truth values.
        target: least precision, above 0 and at most 1.

    Example:
        >>> point = coverage_at_precision([0.9, 0.8, 0.6, 0.3], [True, True, False, True], target=0.7)
        >>> point.coverage, point.threshold, point.precision
        (1.0, 0.3, 0.75)
    """
    s, right = np.asarray(score, np.float64), np.asarray(correct, bool)
    if s.ndim != 1 or not s.size or s.shape != right.shape or not np.isfinite(s).all():
        came = f"{s.shape} and {right.shape}" if np.isfinite(s).all() else "nan or infinity"
        raise ValueError(f"coverage_at_precision: expected n finite scores and n truth values, n >= 1, got {came}")
    if not 0 < target <= 1:
        raise ValueError(f"coverage_at_precision: expected a target above 0 and at most 1, got {target!r}")
    kept, hits = most_kept(s, right, target)
    low, high = resampled_interval(lambda pick: most_kept(s[pick], right[pick], target)[0] / s.size, s.size)
    if not kept:
        return OperatingPoint(0.0, low, high, None, None)
    return OperatingPoint(kept / s.size, low, high, float(np.sort(s)[-kept]), hits / kept)


def _pair(uncertainty: Numbers, error: Numbers) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    doubt, wrong = np.asarray(uncertainty, np.float64), np.asarray(error, np.float64)
    if doubt.shape != wrong.shape or doubt.ndim != 1 or not doubt.size:
        raise ValueError(f"reliability: expected two equally long rows, got {doubt.shape} and {wrong.shape}")
    return doubt, wrong
