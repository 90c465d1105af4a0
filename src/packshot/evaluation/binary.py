"""Answers to a yes-or-no question beside the truth: their ROC curve, its area with an interval, and their file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.errors import UsageError
from packshot.evaluation.classification import roc_auc, roc_curve
from packshot.evaluation.confidence import resampled_interval
from packshot.evaluation.scoring import Figure
from packshot.storage.encodable import encodable

__all__ = ["ANSWERS", "BinaryAnswers", "answers_text", "read_answers"]

#: The file of a run folder that holds them.
ANSWERS = "answers.csv"
_COLUMNS = ("split", "photo", "positive", "true", "score")


@dataclass(frozen=True, slots=True, eq=False)
class BinaryAnswers:
    """What was answered to photos whose truth is known.

    Attributes:
        positive: the answer that scores stand for, ``framed``.
        photos: path of each.
        scores: how sure the positive answer is, higher for a positive.
        truth: whether each is a positive.

    Example:
        >>> BinaryAnswers("framed", ("a", "b", "c"), (0.9, 0.2, 0.6), (True, False, False)).area().value
        1.0
    """

    positive: str
    photos: tuple[str, ...]
    scores: tuple[float, ...]
    truth: tuple[bool, ...]

    def __post_init__(self) -> None:
        if not len(self.photos) == len(self.scores) == len(self.truth):
            counts = f"{len(self.photos)}, {len(self.scores)} and {len(self.truth)}"
            raise ValueError(f"answers: expected as many photos as scores and truth values, got {counts}")

    @property
    def both_kinds(self) -> bool:
        """Whether there are positives and negatives: without, there is no curve."""
        return any(self.truth) and not all(self.truth)

    def area(self) -> Figure:
        """Area under the ROC curve with its 95 % bootstrap interval, the photo as unit.

        Raises:
            ValueError: there are not both kinds.
        """
        if not self.both_kinds:
            raise ValueError("area: expected positives and negatives")
        scores, truth = np.asarray(self.scores, np.float64), np.asarray(self.truth, bool)

        def of(pick: NDArray[np.int64]) -> float:
            return roc_auc(scores[pick], truth[pick])

        return Figure(roc_auc(scores, truth), *resampled_interval(of, scores.size))

    def curve(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Rates of false and of true positives; see `packshot.evaluation.roc_curve`."""
        return roc_curve(self.scores, self.truth)


def answers_text(answers: Mapping[str, BinaryAnswers]) -> str:
    """The answers of each split as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for split, found in answers.items():
        for photo, score, true in zip(found.photos, found.scores, found.truth, strict=True):
            writer.writerow((split, encodable(photo), found.positive, int(true), f"{score:.6g}"))
    return text.getvalue()


def read_answers(run: Path) -> dict[str, BinaryAnswers]:
    """The answers of a run, split by split; empty where it kept none.

    Raises:
        UsageError: its file is damaged.
    """
    file = run / ANSWERS
    if not file.is_file():
        return {}
    rows: dict[str, list[dict[str, str]]] = {}
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                rows.setdefault(row["split"], []).append(row)
        return {split: _answers(found) for split, found in rows.items()}
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise UsageError(f"{file} cannot be read ({error})", remedy="train the run again, or move it away") from error


def _answers(rows: Sequence[Mapping[str, str]]) -> BinaryAnswers:
    return BinaryAnswers(
        rows[0]["positive"],
        tuple(row["photo"] for row in rows),
        tuple(float(row["score"]) for row in rows),
        tuple(row["true"] == "1" for row in rows),
    )
