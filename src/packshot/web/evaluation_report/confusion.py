"""The classes most often confused, as a small matrix: a whole one of a hundred classes nobody can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from packshot.evaluation.confusions import frequent_confusions

__all__ = ["ConfusedRow", "most_confused"]


@dataclass(frozen=True, slots=True)
class ConfusedRow:
    """What photos of one class were taken for.

    Attributes:
        label: the class.
        support: its photos.
        cells: for each class shown: photos, and their share of `support`.
        others: photos taken for a class that is not shown.
    """

    label: str
    support: int
    cells: tuple[tuple[int, float], ...]
    others: int


def most_confused(true: Sequence[str], pred: Sequence[str], *, classes: int = 12) -> tuple[ConfusedRow, ...]:
    """A confusion matrix of the classes with the most frequent confusions among them.

    Args:
        true: n labels, n >= 1.
        pred: n labels.
        classes: at most; at least two.

    Returns:
        A row for each class, by name; its cells are in the order of the rows. None where nothing was confused.

    Example:
        >>> for row in most_confused(["hat", "hat", "bag", "shoe"], ["hat", "bag", "bag", "shoe"]):
        ...     print(row.label, row.cells, row.others)
        bag ((1, 1.0), (0, 0.0)) 0
        hat ((1, 0.5), (1, 0.5)) 0
    """
    shown: list[str] = []
    for pair in frequent_confusions(true, pred, at_most=len(true)):
        new = [str(label) for label in (pair.true, pair.pred) if label not in shown]
        if len(shown) + len(new) <= classes:
            shown += new
    shown.sort()
    support, counts = Counter(true), Counter(zip(true, pred, strict=True))
    rows = []
    for label in shown:
        found = [counts[label, other] for other in shown]
        cells = tuple((count, count / max(1, support[label])) for count in found)
        rows.append(ConfusedRow(label, support[label], cells, support[label] - sum(found)))
    return tuple(rows)
