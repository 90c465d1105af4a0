"""What is taken for what: the score of every class, and the pairs most often confused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

__all__ = ["ClassScore", "Confusion", "class_table", "frequent_confusions"]


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How well one class is recognised.

    Attributes:
        label: the class.
        support: photos that are of it.
        named: photos that were taken for it.
        precision: share of those named that are of it, 0..1; None if it was never named.
        recall: share of its photos that were named so, 0..1; None if it has no photo.
        f1: harmonic mean of both, 0..1; 0 if nothing was right.
    """

    label: Hashable
    support: int
    named: int
    precision: float | None
    recall: float | None
    f1: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """One class taken for another.

    Attributes:
        true: what it is.
        pred: what it was taken for.
        count: photos.
        share: of the true class's photos, 0..1.
    """

    true: Hashable
    pred: Hashable
    count: int
    share: float


def class_table(true: Sequence[Hashable], pred: Sequence[Hashable]) -> tuple[ClassScore, ...]:
    """A row for each class that occurs, also for one that was only ever named; the most frequent first.

    Args:
        true: n labels of any kind, n >= 1.
        pred: n labels.

    Example:
        >>> [(row.label, row.support, row.recall) for row in class_table(["hat", "hat", "bag"], ["hat", "bag", "bag"])]
        [('hat', 2, 0.5), ('bag', 1, 1.0)]
    """
    _check(true, pred)
    support, named = Counter(true), Counter(pred)
    right = Counter(a for a, b in zip(true, pred, strict=True) if a == b)
    rows = [
        ClassScore(
            label=label,
            support=support[label],
            named=named[label],
            precision=right[label] / named[label] if named[label] else None,
            recall=right[label] / support[label] if support[label] else None,
            f1=2 * right[label] / (support[label] + named[label]),
        )
        for label in dict.fromkeys([*true, *pred])
    ]
    return tuple(sorted(rows, key=lambda row: -row.support))


def frequent_confusions(
    true: Sequence[Hashable], pred: Sequence[Hashable], *, at_most: int = 20
) -> tuple[Confusion, ...]:
    """The pairs most often confused, by count, then by share of the true class.

    Args:
        true: n labels of any kind, n >= 1.
        pred: n labels.
        at_most: pairs.
    """
    _check(true, pred)
    support = Counter(true)
    mistakes = Counter((a, b) for a, b in zip(true, pred, strict=True) if a != b)
    pairs = [Confusion(a, b, count, count / support[a]) for (a, b), count in mistakes.items()]
    return tuple(sorted(pairs, key=lambda pair: (-pair.count, -pair.share))[:at_most])


def _check(true: Sequence[Hashable], pred: Sequence[Hashable]) -> None:
    if len(true) != len(pred) or not true:
        raise ValueError(f"labels: expected two equally long rows, at least one label, got {len(true)} and {len(pred)}")
