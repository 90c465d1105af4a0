"""The histories and the yes-or-no answers of the runs of a leaderboard, by names that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.errors import UsageError
from packshot.evaluation.binary import BinaryAnswers, read_answers
from packshot.evaluation.histories import RunHistory, read_history
from packshot.evaluation.leaderboard import Row

__all__ = ["run_answers", "run_histories"]


def run_histories(rows: Sequence[Row]) -> dict[str, RunHistory]:
    """Name to epochs, in the order of the rows.

    Raises:
        UsageError: a history is damaged.
    """
    return {name: read_history(Path(row.run)) for name, row in zip(_names(rows), rows, strict=True)}


def run_answers(rows: Sequence[Row]) -> tuple[str, dict[str, BinaryAnswers]]:
    """The split that is drawn, and name to answers: the holdout's where all runs have them, else validation's.

    Raises:
        UsageError: no run answers yes or no; or a file is damaged.
    """
    every = {name: read_answers(Path(row.run)) for name, row in zip(_names(rows), rows, strict=True)}
    found = {name: splits for name, splits in every.items() if splits}
    if not found:
        raise UsageError(
            "no run here answers yes or no: there is no ROC curve",
            remedy="name runs of a frame recipe, or of a classification with two classes, trained by this version",
        )
    split = "holdout" if all("holdout" in splits for splits in found.values()) else "validation"
    return split, {name: splits[split] for name, splits in found.items() if split in splits}


def _names(rows: Sequence[Row]) -> list[str]:
    """Of the recipe where it tells runs apart, else of the folder."""
    names = [row.name for row in rows]
    return names if len(set(names)) == len(names) else [row.run for row in rows]
