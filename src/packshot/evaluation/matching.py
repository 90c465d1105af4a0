"""From which score on the nearest item is the right one: a threshold, and how precise it is on other queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from packshot.evaluation.confidence import bootstrap_interval
from packshot.evaluation.scoring import Figure
from packshot.heads.thresholds import threshold_at_precision

__all__ = ["MatchFit", "fit_match"]


@dataclass(frozen=True, slots=True)
class MatchFit:
    """A threshold for matches.

    Attributes:
        threshold: fitted on all queries; None where no score is high enough for the precision asked for.
        precision: share of the matches that were right; thresholds were fitted on one half of the queries and measured
            on the other, both ways. None where nothing matched.
        coverage: share of the queries that matched, measured the same way.
        recall: share of the queries whose product is there that matched it, measured the same way; None where no
            query's product is there.
        queries: how many there were.
    """

    threshold: float | None
    precision: Figure | None
    coverage: Figure
    recall: Figure | None
    queries: int


def fit_match(
    score: ArrayLike,
    right: ArrayLike,
    *,
    there: ArrayLike | None = None,
    groups: Sequence[str] | None = None,
    precision: float = 0.95,
    seed: int = 0,
) -> MatchFit:
    """Fit the lowest threshold from which on at least `precision` of the matches are right.

    Args:
        score: (n,) of each query's nearest item, higher when surer; n >= 2.
        right: (n,) whether that item shows the query's product; False for a query whose product is not there.
        there: (n,) whether the query's product is in the catalogue; by default that of every query.
        groups: n names; queries of one name stay in one half, such as photos of one product. Each by itself by default.
        precision: wanted, above 0 and at most 1.
        seed: of the halves.

    Raises:
        ValueError: lengths differ, fewer than two groups, scores that are not finite, or a precision out of range.

    Example:
        >>> fit = fit_match([0.9, 0.8, 0.3, 0.2] * 5, [True, True, False, False] * 5, precision=0.9)
        >>> fit.threshold, fit.precision.value, fit.recall.value
        (0.8, 1.0, 0.5)
    """
    s, ok = np.asarray(score, np.float64), np.asarray(right, bool)
    known = np.ones(s.shape, bool) if there is None else np.asarray(there, bool)
    names = np.arange(s.size).astype(str) if groups is None else np.asarray(groups)
    if s.ndim != 1 or not s.shape == ok.shape == known.shape == names.shape or not np.isfinite(s).all():
        raise ValueError(f"fit_match: expected n finite scores and n truths, got {s.shape} and {ok.shape}")
    if not 0 < precision <= 1:
        raise ValueError(f"fit_match: expected a precision above 0 and at most 1, got {precision!r}")
    distinct = np.unique(names)
    if distinct.size < 2:
        raise ValueError(f"fit_match: expected at least two queries to halve, got {distinct.size}")
    drawn = np.random.default_rng(seed).permutation(distinct)
    first = np.isin(names, drawn[: distinct.size // 2])
    matched = np.zeros(s.shape, bool)
    for scored in (first, ~first):
        least = threshold_at_precision(s[~scored], ok[~scored], target=precision)
        matched[scored] = False if least is None else s[scored] >= least
    return MatchFit(
        threshold=threshold_at_precision(s, ok, target=precision),
        precision=_share(ok[matched]) if matched.any() else None,
        coverage=_share(matched),
        recall=_share((matched & ok)[known]) if known.any() else None,
        queries=int(s.size),
    )


def _share(holds: ArrayLike) -> Figure:
    values = np.asarray(holds, np.float64)
    return Figure(float(values.mean()), *bootstrap_interval(values))
