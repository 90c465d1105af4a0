"""How sure a head really is: the temperature that makes its scores probabilities, and the scores answers need."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.heads.head import Head, HeadKind
from packshot.heads.probabilities import answer_path, head_probabilities
from packshot.heads.thresholds import threshold_at_precision

__all__ = ["PRECISIONS", "calibrated", "fit_temperature", "known_rows", "scored_answers"]

#: For which precisions thresholds are kept.
PRECISIONS = (0.5, 0.8, 0.9, 0.95, 0.99)

Numbers = NDArray[np.float32]

_LEAST = 5  # right answers behind a threshold
_NEVER = 2.0  # a threshold that no probability reaches
_STEPS = 40  # of the search for a temperature


def calibrated(head: Head, logits: Numbers, target: Numbers) -> Head:
    """The head with its temperature and its thresholds.

    Args:
        head: as it was trained.
        logits: float32 (n, labels), of pictures it did not learn from.
        target: float32 (n, labels), 1 for true, 0 for false, nan for unknown.

    Returns:
        A copy. A threshold is the lowest score from which on the answers have the wanted precision: of a tree, where
        the answer is the deepest category of the likeliest way that reaches it, the same for every depth; of the
        likeliest value; of each tag. With fewer than five right answers behind it, it is never reached.
    """
    known = known_rows(head, target)
    if not known.any():
        return head
    logits, target = logits[known], target[known]
    warm = head.model_copy(update={"temperature": fit_temperature(head, logits, target)})
    found = head_probabilities(warm, logits)
    thresholds = {f"{precision:g}": _thresholds(warm, found, target, precision) for precision in PRECISIONS}
    return warm.model_copy(update={"thresholds": thresholds})


def _thresholds(head: Head, found: Numbers, target: Numbers, precision: float) -> tuple[float, ...]:
    if head.kind is HeadKind.TREE:
        return (_path_threshold(head, found, target, precision),) * head.depth
    if head.kind is HeadKind.TAGS:
        rows = [(found[:, t], target[:, t] == 1) for t in range(len(head.labels))]
    else:
        rows = scored_answers(head, found, target)
    least = [threshold_at_precision(score, right, target=precision, least=_LEAST) for score, right in rows]
    return tuple(_NEVER if each is None else each for each in least)


def _path_threshold(head: Head, found: Numbers, target: Numbers, precision: float) -> float:
    """The lowest score at which answers that stop where the next step would fall below it are right often enough."""
    ways = [answer_path(head, row) for row in found]
    scores = np.zeros((len(ways), head.depth))
    right = np.full((len(ways), head.depth), np.nan)  # nan where nobody knows
    for photo, way in enumerate(ways):
        wrong = False
        for depth, place in enumerate(way):
            wrong = wrong or target[photo, place] == 0
            scores[photo, depth] = found[photo, place]
            right[photo, depth] = 0 if wrong else target[photo, place]
    for threshold in np.unique(scores[scores > 0]):
        steps = (scores >= threshold).sum(axis=1)  # scores fall along the way
        given = np.flatnonzero(steps)
        ends = right[given, steps[given] - 1]
        ends = ends[np.isfinite(ends)]
        if ends.sum() >= _LEAST and ends.mean() >= precision:
            return float(threshold)
    return _NEVER


def known_rows(head: Head, target: Numbers) -> NDArray[np.bool_]:
    """The pictures of which enough is known to learn from: bool (n,).

    Args:
        head: whose labels.
        target: float32 (n, labels), as for `calibrated`.
    """
    found = np.isfinite(target)
    whole = head.kind is HeadKind.TAGS
    return np.asarray(found.all(axis=1) if whole else found.any(axis=1), bool)


def fit_temperature(head: Head, logits: Numbers, target: Numbers) -> float:
    """The temperature of the least cross-entropy (Guo et al. 2017), by golden section over its logarithm in 1/8..8.

    Args:
        head: whose.
        logits: float32 (n, labels), n >= 1.
        target: float32 (n, labels), as for `calibrated`.
    """

    def cost(exponent: float) -> float:
        found = head_probabilities(head.model_copy(update={"temperature": float(2**exponent)}), logits)
        found = np.clip(found.astype(np.float64), 1e-9, 1 - 1e-9)
        if head.kind is HeadKind.TAGS:
            return float(-np.where(target == 1, np.log(found), np.log(1 - found)).mean())
        return float(-np.mean([np.log(row[_deepest(true)]) for row, true in zip(found, target, strict=True)]))

    ratio = (np.sqrt(5) - 1) / 2
    low, high = -3.0, 3.0
    for _ in range(_STEPS):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if cost(left) < cost(right) else (left, high)
    return float(2 ** ((low + high) / 2))


def _deepest(true: Numbers) -> int:
    return int(np.flatnonzero(true == 1)[-1])  # parents come first


def scored_answers(head: Head, found: Numbers, target: Numbers) -> list[tuple[Numbers, NDArray[np.bool_]]]:
    """Score and truth of the likeliest label at each depth, of the pictures of which that is known.

    Args:
        head: a tree or a choice.
        found: float32 (n, labels), probabilities.
        target: float32 (n, labels), as for `calibrated`.
    """
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(head.depth if head.kind is HeadKind.TREE else 1)]
    for row, true in zip(found, target, strict=True):
        for depth, place in enumerate(answer_path(head, row)):
            wrong_above = any(true[above] == 0 for above in head.way(place)[:-1])
            if np.isfinite(true[place]) or wrong_above:
                rows[depth].append((float(row[place]), bool(true[place] == 1)))
    return [(np.array([s for s, _ in each], np.float32), np.array([r for _, r in each], bool)) for each in rows]
