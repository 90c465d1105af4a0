"""The figures of a run, and what all tasks share of taking them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from packshot.datasets import Item, Split
from packshot.evaluation import BinaryAnswers
from packshot.training.data.pictures import spread
from packshot.training.figures.grid import Cell

__all__ = ["TRAINED_ON", "WATCHED", "WORST", "Scores", "few_of_training", "finished"]

#: Training pictures scored: enough to see over-fitting.
TRAINED_ON = 64
#: Rows of ``predictions.png``.
WORST = 12
#: Photos of ``progress.png``.
WATCHED = 6


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of a run, as ``run.json`` keeps them.

    Attributes:
        headline: name of the main score.
        scores: split -> headline; None without pictures.
        intervals: split -> its 95 % interval.
        metrics: split -> name -> figure.
        baselines: of the holdout, or of the validation pictures where there is none.
        ms_per_photo: median.
        worst: validation pictures, worst first: photo, truth, prediction.
        binary: split -> the answers, where the question is yes or no: for the ROC curve.
    """

    headline: str
    scores: dict[str, float | None] = field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    baselines: dict[str, float] = field(default_factory=dict)
    ms_per_photo: float | None = None
    worst: list[list[Cell]] = field(default_factory=list)
    binary: dict[str, BinaryAnswers] = field(default_factory=dict)

    def note_binary(self, split: str, answers: BinaryAnswers) -> None:
        """Keep a split's answers, and the area under their curve with its interval among the metrics."""
        if not answers.both_kinds:
            return
        self.binary[split] = answers
        area = answers.area()
        self.metrics[split] |= {"roc_auc": area.value, "roc_auc_low": area.low, "roc_auc_high": area.high}


def few_of_training(items: Mapping[Split, Sequence[Item]]) -> dict[Split, list[Item]]:
    """All pictures to score: of the training ones a few, evenly spread."""
    return {
        Split.TRAIN: spread(items[Split.TRAIN], TRAINED_ON),
        Split.VALIDATION: list(items[Split.VALIDATION]),
        Split.HOLDOUT: list(items[Split.HOLDOUT]),
    }


def finished(result: Scores, seconds: Sequence[float], worst: list[list[Cell]]) -> Scores:
    """The scores with their time and their worst pictures."""
    time = round(1000 * float(np.median(seconds)), 2) if seconds else None
    return replace(result, ms_per_photo=time, worst=worst)
