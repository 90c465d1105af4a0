"""Overlays: accuracy of the picture's answer by kind of overlay and of scene, and how well the cells fit."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Split
from packshot.evaluation import BinaryAnswers, bootstrap_interval, expected_calibration_error
from packshot.training.evaluators.scores import TRAINED_ON, WATCHED, WORST, Scores, finished
from packshot.training.figures.grid import Cell, thumbnail
from packshot.training.figures.samples import Sample, pixels
from packshot.training.overlay.data import OverlayData
from packshot.training.overlay.drawing.sample import OverlaySample
from packshot.training.overlay.samples import OVERLAID, cells_of
from packshot.training.prediction import Predictor
from packshot.values import Rgb

__all__ = ["OverlayEvaluator"]

_TINT = np.array([255, 0, 200], np.float32)


@dataclass(frozen=True, slots=True)
class _Answer:
    overlaid: bool
    kinds: tuple[str, ...]
    score: float
    shared: int
    found: int
    wanted: int
    seconds: float

    @property
    def right(self) -> bool:
        return (self.score >= 0.5) == self.overlaid


class OverlayEvaluator:
    """Scores overlays on the pictures `OverlayData` draws for its reports.

    Args:
        data: the recipe's.
    """

    progress_columns: tuple[str, ...] = ("picture",)
    prediction_columns: tuple[str, ...] = ()

    def __init__(self, data: OverlayData) -> None:
        self.data, self.recipe = data, data.recipe

    def score(self, predictor: Predictor, *, between: Callable[[], None]) -> Scores:
        """Score on drawn pictures at their own size."""
        result = Scores(headline="accuracy")
        seconds: list[float] = []
        cells: list[tuple[float, int, Cell]] = []
        for split in Split:
            answers = []
            for picture in self._pictures(split, TRAINED_ON if split is Split.TRAIN else None):
                answer, places = _ask(predictor, picture)
                answers.append(answer)
                if split is Split.VALIDATION:
                    seconds.append(answer.seconds)
                    right = answer.score if answer.overlaid else 1 - answer.score
                    cells.append((right, len(cells), _cell(picture, answer, places)))
                    cells = sorted(cells, key=lambda cell: cell[:2])[: 4 * WORST // 2]
                between()
            _note(result, split, answers)
        worst = [cell for *_, cell in cells]
        return finished(result, seconds, [worst[start : start + 6] for start in range(0, len(worst), 6)])

    def watched(self, predictor: Predictor) -> tuple[list[list[Cell]], Callable[[], list[Cell]]]:
        """Pictures, and where overlays were found on them."""
        kept = list(self._pictures(Split.VALIDATION, WATCHED))

        def ask() -> list[Cell]:
            return [_cell(picture, *_ask(predictor, picture)) for picture in kept]

        return [[Cell(_tinted(picture.rgb, picture.mask.astype(np.float32)), picture.scene)] for picture in kept], ask

    def sample(self, sample: Sample) -> list[Cell]:
        """The picture with its overlaid cells tinted."""
        rgb = pixels(sample[0])
        words = OVERLAID if float(sample[1]) else "none"
        return [Cell(_tinted(rgb, np.asarray(sample[2].clamp(min=0), np.float32)), words)]

    def _pictures(self, split: Split, most: int | None) -> Iterator[OverlaySample]:
        source = self.data.report(split)
        if not source.photos:
            return
        draw, length = source.generator(), self.recipe.validation_samples
        for index in range(length) if most is None else np.linspace(0, length - 1, min(most, length)).round():
            yield draw(int(index))


def _ask(predictor: Predictor, picture: OverlaySample) -> tuple[_Answer, NDArray[np.float32]]:
    start = time.perf_counter()
    score, places = predictor.answers(picture.rgb)
    seconds = time.perf_counter() - start
    truth = cells_of(picture.mask, side=places.shape[-1])
    found, wanted, known = places >= 0.5, truth > 0.5, truth >= 0
    kinds = tuple(str(kind) for kind in picture.kinds) or (picture.scene,)
    shared = int((found & wanted).sum())
    answer = _Answer(
        bool(picture.mask.any()), kinds, float(score), shared, int((found & known).sum()), int(wanted.sum()), seconds
    )
    return answer, places


def _tinted(rgb: Rgb, places: NDArray[np.float32]) -> Rgb:
    share = cv2.resize(places, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_NEAREST)[..., None] * 0.5
    return thumbnail(np.clip(rgb * (1 - share) + _TINT * share, 0, 255).astype(np.uint8))


def _cell(picture: OverlaySample, answer: _Answer, places: NDArray[np.float32]) -> Cell:
    return Cell(_tinted(picture.rgb, places), f"{answer.kinds[0]}: {answer.score:.2f}", answer.right)


def _note(result: Scores, split: Split, answers: list[_Answer]) -> None:
    """The figures of one split: of all pictures, of the cells, and the accuracy of each kind."""
    key = str(split)
    result.scores[key] = None
    if not answers:
        return
    overlaid = np.array([answer.overlaid for answer in answers])
    scores = np.array([answer.score for answer in answers])
    right = (scores >= 0.5) == overlaid
    result.scores[key] = float(right.mean())
    result.intervals[key] = bootstrap_interval(right.astype(float))
    both = sum(answer.found + answer.wanted for answer in answers)
    metrics = {
        "accuracy": float(right.mean()),
        "ece": expected_calibration_error(np.maximum(scores, 1 - scores), right),
        "false_alarms": float((~right[~overlaid]).mean()) if (~overlaid).any() else 0.0,
        "cell_f1": 2 * sum(answer.shared for answer in answers) / max(1, both),
    }
    kinds: dict[str, list[bool]] = defaultdict(list)
    for answer, hit in zip(answers, right, strict=True):
        for kind in answer.kinds:
            kinds[kind].append(bool(hit))
    by_kind = {f"accuracy/{kind}": float(np.mean(hits)) for kind, hits in kinds.items()}
    result.metrics[key] = metrics | dict(sorted(by_kind.items(), key=lambda pair: pair[1]))
    if split is not Split.TRAIN:
        names = tuple(f"{place}: {answer.kinds[0]}" for place, answer in enumerate(answers, start=1))
        result.note_binary(key, BinaryAnswers(OVERLAID, names, tuple(scores.tolist()), tuple(overlaid.tolist())))
        share = float(overlaid.mean())
        result.baselines.clear()
        result.baselines.update(majority_accuracy=max(share, 1 - share))
