"""Answers of yes or no to many pictures: accuracy by kind, calibration, false alarms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from packshot.datasets import Split
from packshot.evaluation import BinaryAnswers, bootstrap_interval, expected_calibration_error
from packshot.training.evaluators.scores import Scores

__all__ = ["YesNo", "note_yes_no"]


@dataclass(frozen=True, slots=True)
class YesNo:
    """What was said of one picture.

    Attributes:
        truth: whether yes is right.
        kinds: what tables group the picture by; the first stands in captions.
        score: calibrated probability of yes, 0..1.
        seconds: that the answer took.
    """

    truth: bool
    kinds: tuple[str, ...]
    score: float
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the likelier answer is the true one."""
        return (self.score >= 0.5) == self.truth

    @property
    def of_truth(self) -> float:
        """Probability of the true answer, 0..1."""
        return self.score if self.truth else 1 - self.score


def note_yes_no(
    result: Scores, split: Split, answers: Sequence[YesNo], *, label: str, further: Mapping[str, float]
) -> None:
    """Note the figures of one split: of all pictures, and the accuracy of each kind, the worst first.

    Args:
        result: where they are noted.
        split: of the pictures.
        answers: one a picture; without any the split has no score.
        label: of the pictures of which yes is right.
        further: figures of the task's own.
    """
    key = str(split)
    result.scores[key] = None
    if not answers:
        return
    truths = np.array([answer.truth for answer in answers])
    scores = np.array([answer.score for answer in answers])
    right = np.array([answer.right for answer in answers])
    result.scores[key] = float(right.mean())
    result.intervals[key] = bootstrap_interval(right.astype(float))
    kinds: dict[str, list[bool]] = defaultdict(list)
    for answer in answers:
        for kind in answer.kinds:
            kinds[kind].append(answer.right)
    by_kind = {f"accuracy/{kind}": float(np.mean(hits)) for kind, hits in kinds.items()}
    result.metrics[key] = {
        "accuracy": float(right.mean()),
        "ece": expected_calibration_error(np.maximum(scores, 1 - scores), right),
        "false_alarms": float((~right[~truths]).mean()) if (~truths).any() else 0.0,
        **further,
        **dict(sorted(by_kind.items(), key=lambda pair: pair[1])),
    }
    if split is not Split.TRAIN:
        names = tuple(f"{place}: {answer.kinds[0]}" for place, answer in enumerate(answers, start=1))
        result.note_binary(key, BinaryAnswers(label, names, tuple(scores.tolist()), tuple(truths.tolist())))
        share = float(truths.mean())
        result.baselines.clear()
        result.baselines.update(majority_accuracy=max(share, 1 - share))
