"""Frames: accuracy, area under the ROC curve, calibration, and how well the inner box fits, by kind of picture."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from packshot.datasets import Split
from packshot.evaluation import BinaryAnswers, bootstrap_interval, expected_calibration_error
from packshot.runtime.side_strips import band_widths, inner_box
from packshot.training.evaluators.scores import TRAINED_ON, WATCHED, WORST, Scores, finished
from packshot.training.figures.grid import Cell, outlined, thumbnail
from packshot.training.figures.samples import Sample, pixels
from packshot.training.frame.data import FrameData
from packshot.training.frame.samples import FRAMED, FramePicture
from packshot.training.prediction import Predictor
from packshot.values import Box

__all__ = ["FrameEvaluator"]

_CLOSE = 0.01  # of the picture's width or height


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was said of one picture; box figures are None where nobody knows the box, or the network gives none."""

    framed: bool
    kind: str
    score: float
    iou: float | None
    close: bool | None
    seconds: float


class FrameEvaluator:
    """Scores frames on the pictures `FrameData` draws for its reports.

    Args:
        data: the recipe's.
    """

    progress_columns: tuple[str, ...] = ("picture",)
    prediction_columns: tuple[str, ...] = ()

    def __init__(self, data: FrameData) -> None:
        self.data, self.recipe = data, data.recipe

    def score(self, predictor: Predictor, *, between: Callable[[], None]) -> Scores:
        """Score on pictures at their own size. The inner box is the network's own, not yet refined to the pixel."""
        result = Scores(headline="accuracy")
        seconds: list[float] = []
        cells: list[tuple[float, int, Cell]] = []
        for split in Split:
            answers = []
            for picture in self._pictures(split, TRAINED_ON if split is Split.TRAIN else None):
                answer, found = _ask(predictor, picture)
                answers.append(answer)
                if split is Split.VALIDATION:
                    seconds.append(answer.seconds)
                    cells.append((_right(answer), len(cells), _cell(picture, answer, found)))
                    cells = sorted(cells, key=lambda cell: cell[:2])[: 4 * WORST // 2]
                between()
            _note(result, split, answers)
        worst = [cell for *_, cell in cells]
        return finished(result, seconds, [worst[start : start + 6] for start in range(0, len(worst), 6)])

    def watched(self, predictor: Predictor) -> tuple[list[list[Cell]], Callable[[], list[Cell]]]:
        """Pictures and their boxes, the true one beside the one found."""
        kept = list(self._pictures(Split.VALIDATION, WATCHED))

        def ask() -> list[Cell]:
            return [_cell(picture, *_ask(predictor, picture)) for picture in kept]

        return [[Cell(outlined(picture.rgb, truth=picture.box), picture.kind)] for picture in kept], ask

    def sample(self, sample: Sample) -> list[Cell]:
        """The picture, or its four strips one above the other, over the widths of its bands in per cent."""
        framed, *widths = sample[1].tolist()
        words = " ".join(f"{100 * width:.1f}" for width in widths)
        return [Cell(thumbnail(pixels(sample[0])), words if framed else "unframed")]

    def _pictures(self, split: Split, most: int | None) -> Iterator[FramePicture]:
        source, drawn = self.data.report(split), self.recipe.validation_samples
        length = source.length(drawn)
        for index in range(length) if most is None else np.linspace(0, length - 1, min(most, length)).round():
            yield source.picture(int(index), drawn=drawn)


def _ask(predictor: Predictor, picture: FramePicture) -> tuple[_Answer, Box | None]:
    start = time.perf_counter()
    framed, *sides = predictor.answers(picture.rgb)
    seconds = time.perf_counter() - start
    score = float(framed)
    if not sides:
        return _Answer(picture.framed, picture.kind, score, None, None, seconds), None
    height, width = picture.rgb.shape[:2]
    widths = band_widths(sides[0])  # float32 (4,), fractions of the picture's width or height
    box = inner_box(widths, size=(width, height))
    known = picture.framed and picture.box is not None
    iou = box.iou(picture.box) if known and picture.box else None
    close = bool((np.abs(widths - picture.widths) <= _CLOSE).all()) if known else None
    return _Answer(picture.framed, picture.kind, score, iou, close, seconds), box if score >= 0.5 else None


def _right(answer: _Answer) -> float:
    """How right an answer is, for the order of the worst."""
    return answer.score if answer.framed else 1 - answer.score


def _cell(picture: FramePicture, answer: _Answer, found: Box | None) -> Cell:
    fit = "" if answer.iou is None or answer.score < 0.5 else f" IoU {answer.iou:.2f}"
    words = f"{picture.kind}: {answer.score:.2f}{fit}"
    truth = picture.box if picture.framed else None
    return Cell(outlined(picture.rgb, truth=truth, found=found), words, (answer.score >= 0.5) == picture.framed)


def _note(result: Scores, split: Split, answers: list[_Answer]) -> None:
    """The figures of one split: of all pictures, and the accuracy of each kind."""
    key = str(split)
    result.scores[key] = None
    if not answers:
        return
    framed = np.array([answer.framed for answer in answers])
    scores = np.array([answer.score for answer in answers])
    right = (scores >= 0.5) == framed
    result.scores[key] = float(right.mean())
    result.intervals[key] = bootstrap_interval(right.astype(float))
    metrics = {"accuracy": float(right.mean())}
    metrics["ece"] = expected_calibration_error(np.maximum(scores, 1 - scores), right)
    metrics["false_alarms"] = float((~right[~framed]).mean()) if (~framed).any() else 0.0
    ious = [answer.iou for answer in answers if answer.iou is not None]
    close = [answer.close for answer in answers if answer.close is not None]
    if ious:
        metrics |= {"box_iou": float(np.mean(ious)), "sides_close": float(np.mean(close))}
    kinds: dict[str, list[bool]] = defaultdict(list)
    for answer, hit in zip(answers, right, strict=True):
        kinds[answer.kind].append(bool(hit))
    by_kind = {f"accuracy/{kind}": float(np.mean(hits)) for kind, hits in kinds.items()}
    result.metrics[key] = metrics | dict(sorted(by_kind.items(), key=lambda pair: pair[1]))
    if split is not Split.TRAIN:
        names = tuple(f"{place}: {answer.kind}" for place, answer in enumerate(answers, start=1))
        result.note_binary(key, BinaryAnswers(FRAMED, names, tuple(scores.tolist()), tuple(framed.tolist())))
        share = float(framed.mean())
        result.baselines.clear()
        result.baselines.update(majority_accuracy=max(share, 1 - share))
