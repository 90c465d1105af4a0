"""Scoring detectors of frames on pictures that somebody labelled: framed or not, and where the inside begins."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packshot.datasets import Item
from packshot.datasets.missing_column import missing_column_words
from packshot.errors import UsageError
from packshot.evaluation.binary import BinaryAnswers
from packshot.evaluation.confidence import bootstrap_interval
from packshot.evaluation.photos import Progress, Unreadable, photo_name, readable
from packshot.evaluation.scoring import Figure
from packshot.values import Frame, Rgb

__all__ = ["FrameAnswer", "FrameEvaluation", "FrameScore", "evaluate_frames", "frame_labels"]

_FRAMED, _UNFRAMED = "framed", "unframed"

Detect = Callable[[Rgb], Frame]


@dataclass(frozen=True, slots=True)
class FrameAnswer:
    """What one detector said of one picture.

    Attributes:
        name: of the picture.
        set: it belongs to.
        method: the detector.
        true: whether it is framed.
        framed: whether the detector says so.
        score: how sure it is of a frame, 0..1.
        iou: of the inner box with the true one; None where nobody measured it, or there is no frame.
        seconds: it took.
    """

    name: str
    set: str
    method: str
    true: bool
    framed: bool
    score: float
    iou: float | None
    seconds: float

    def row(self) -> dict[str, object]:
        """As ``scores.jsonl`` has it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class FrameScore:
    """How good one detector is.

    Attributes:
        method: the detector.
        photos: scored.
        framed: of them.
        accuracy: share of right answers.
        majority: accuracy of always giving the more frequent answer.
        roc_auc: area under the ROC curve; None where all pictures are framed, or none.
        found: share of the framed ones that were found; None without any.
        false_alarms: share of the others that were taken for framed; None without any.
        box_iou: mean IoU of the inner box with the true one, where it is known; a frame that was missed counts with
            the whole picture.
        seconds: median for one picture.
    """

    method: str
    photos: int
    framed: int
    accuracy: Figure
    majority: float
    roc_auc: Figure | None
    found: Figure | None
    false_alarms: Figure | None
    box_iou: Figure | None
    seconds: float


@dataclass(frozen=True, slots=True)
class FrameEvaluation:
    """How good detectors are.

    Attributes:
        summary: a row a detector.
        answers: of every detector and picture.
        unreadable: pictures that could not be scored.
    """

    summary: Sequence[FrameScore]
    answers: Sequence[FrameAnswer]
    unreadable: Sequence[Unreadable]

    def lines(self) -> list[dict[str, object]]:
        """A row a picture and detector, for ``scores.jsonl``."""
        return [answer.row() for answer in self.answers]

    def binary(self) -> dict[str, BinaryAnswers]:
        """Detector to its answers, for the ROC curves; empty where all pictures are framed, or none."""
        found = {row.method: _binary([each for each in self.answers if each.method == row.method])
                 for row in self.summary}  # fmt: skip
        return {name: answers for name, answers in found.items() if answers.both_kinds}


_LABEL_THEM = "label them: packshot label frame PHOTOS -o labels.csv; or sort them into folders of these names"


def frame_labels(items: Sequence[Item], *, data: Path) -> list[Item]:
    """Those of the pictures that are labelled framed or unframed.

    Raises:
        UsageError: none is, or a label is another.
    """
    labelled = [item for item in items if item.label]
    wrong = sorted({item.label or "" for item in labelled} - {_FRAMED, _UNFRAMED})
    if wrong or not labelled:
        lacking = None if labelled else missing_column_words(data, "label")
        raise UsageError(
            f"{data}: expected pictures labelled {_FRAMED} or {_UNFRAMED}, got {wrong[0] if wrong else 'no label'}",
            remedy="; or ".join(filter(None, [lacking, _LABEL_THEM])),
        )
    return labelled


def evaluate_frames(
    items: Sequence[Item], detectors: Mapping[str, Detect], *, data: Path, progress: Progress | None = None
) -> FrameEvaluation:
    """Score detectors.

    Args:
        items: labelled framed or unframed.
        detectors: name to detector.
        data: where the pictures are from.
        progress: told of each picture.
    """
    answers: list[FrameAnswer] = []
    unreadable: list[Unreadable] = []
    for item, rgb in readable(items, lambda each: each.rgb(), data=data, unreadable=unreadable, progress=progress):
        for name, detect in detectors.items():
            start = time.perf_counter()
            found = detect(rgb)
            seconds = time.perf_counter() - start
            true = item.label == _FRAMED
            box = item.box_of(rgb) if true else None
            answers.append(
                FrameAnswer(
                    name=photo_name(item.photo, data),
                    set=item.source,
                    method=name,
                    true=true,
                    framed=found.framed,
                    score=found.score,
                    iou=None if box is None else found.inner_box.iou(box),
                    seconds=seconds,
                )
            )
        if progress is not None:
            progress(None)
    summary = [_score(name, [each for each in answers if each.method == name]) for name in detectors] if answers else []
    return FrameEvaluation(summary, answers, unreadable)


def _score(method: str, answers: Sequence[FrameAnswer]) -> FrameScore:
    truth = [each.true for each in answers]
    binary = _binary(answers)
    accuracy = _mean([each.framed == each.true for each in answers])
    assert accuracy is not None  # noqa: S101 - there is an answer
    share = float(np.mean(truth))
    return FrameScore(
        method=method,
        photos=len(answers),
        framed=sum(truth),
        accuracy=accuracy,
        majority=max(share, 1 - share),
        roc_auc=binary.area() if binary.both_kinds else None,
        found=_mean([each.framed for each in answers if each.true]),
        false_alarms=_mean([each.framed for each in answers if not each.true]),
        box_iou=_mean([each.iou for each in answers if each.iou is not None]),
        seconds=float(np.median([each.seconds for each in answers])),
    )


def _binary(answers: Sequence[FrameAnswer]) -> BinaryAnswers:
    return BinaryAnswers(
        _FRAMED,
        tuple(each.name for each in answers),
        tuple(each.score for each in answers),
        tuple(each.true for each in answers),
    )


def _mean(values: Sequence[float]) -> Figure | None:
    if not values:
        return None
    return Figure(float(np.mean(values)), *bootstrap_interval(np.asarray(values, np.float64)))
