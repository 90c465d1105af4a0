"""The lowest score from which on answers are right often enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["most_kept", "threshold_at_precision"]


def threshold_at_precision(score: ArrayLike, correct: ArrayLike, *, target: float, least: int = 1) -> float | None:
    """The lowest score from which on at least `target` of the answers are right; None where no score is high enough.

    As `packshot.evaluation.coverage_at_precision`, without its interval.

    Args:
        score: n finite numbers, higher when surer.
        correct: n truth values.
        target: least precision, above 0 and at most 1.
        least: so many right answers must stand behind it: of fewer, the next photo tells another precision.
    """
    s, right = np.asarray(score, np.float64), np.asarray(correct, bool)
    kept, hits = most_kept(s, right, target) if s.size else (0, 0)
    return float(np.sort(s)[-kept]) if hits >= max(1, least) else None


def most_kept(score: NDArray[np.float64], right: NDArray[np.bool_], target: float) -> tuple[int, int]:
    """How many answers the lowest such threshold keeps, and how many of them are right; 0 and 0 where there is none.

    Args:
        score: float64 (n,), n >= 1, higher when surer.
        right: bool (n,).
        target: least precision, above 0 and at most 1.
    """
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), score.size - 1)  # the last place of each distinct score
    kept, hits = ends + 1, np.cumsum(right[order])[ends]
    enough = np.flatnonzero(hits / kept >= target)
    return (int(kept[enough[-1]]), int(hits[enough[-1]])) if enough.size else (0, 0)
