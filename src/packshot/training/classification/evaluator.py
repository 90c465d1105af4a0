"""Class names: accuracy and macro F1, beside the most frequent class."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from packshot.datasets import Item, Split
from packshot.evaluation import BinaryAnswers, accuracy, bootstrap_interval, macro_f1, majority_accuracy
from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD
from packshot.training.classification.localised import Localised
from packshot.training.data.pictures import spread
from packshot.training.evaluators.scores import WATCHED, Scores, few_of_training, finished
from packshot.training.evaluators.worst import WorstCells
from packshot.training.figures.grid import Cell, thumbnail
from packshot.training.figures.samples import Sample, pixels
from packshot.training.prediction import Predictor

__all__ = ["ClassEvaluator"]


class ClassEvaluator:
    """Scores class names.

    Args:
        items: of each split.
        labels: the classes in the order of their numbers; of two, the second is what the ROC curve is of.
        normalisation: mean and deviation of the network's input, to draw it.
    """

    progress_columns: tuple[str, ...] = ("photo",)
    prediction_columns: tuple[str, ...] = ()

    def __init__(
        self,
        items: Mapping[Split, Sequence[Item]],
        labels: Sequence[str],
        *,
        normalisation: tuple[Sequence[float], Sequence[float]] = (IMAGENET_MEAN, IMAGENET_STD),
    ) -> None:
        self.items, self.labels = items, labels
        self.mean, self.deviation = normalisation

    def score(self, predictor: Predictor, *, between: Callable[[], None]) -> Scores:
        """Score class names."""
        result = Scores(headline="accuracy")
        numbers = {label: number for number, label in enumerate(self.labels)}
        learnt = [numbers[item.label or ""] for item in self.items[Split.TRAIN]]
        worst, seconds = WorstCells(), list[float]()
        for split, mine in few_of_training(self.items).items():
            true, named, sure = [], [], []
            localised = Localised(predictor)
            for item in mine:
                rgb = item.rgb()
                start = time.perf_counter()
                answer = predictor.answers(rgb)[0]
                seconds.append(time.perf_counter() - start)
                true.append(numbers[item.label or ""])
                named.append(int(answer.argmax()))
                sure.append(float(answer[-1]))
                if split is not Split.TRAIN:
                    localised.add(item, rgb, true[-1])
                if split is Split.VALIDATION:
                    words = f"{item.label}: said {self.labels[named[-1]]} {answer.max():.2f}"
                    right = named[-1] == true[-1]
                    worst.add(float(answer[true[-1]]), Cell(thumbnail(rgb), words, right))
                between()
            key = str(split)
            result.scores[key] = accuracy(named, true) if mine else None
            if mine:
                hits = (np.array(named) == np.array(true)).astype(float)
                result.intervals[key] = bootstrap_interval(hits)
                result.metrics[key] = {"accuracy": float(hits.mean()), "macro_f1": macro_f1(named, true)}
                result.metrics[key] |= localised.metrics()
            if split is not Split.TRAIN and mine and len(self.labels) == 2:
                photos = tuple(item.photo.as_posix() for item in mine)
                truth = tuple(number == 1 for number in true)
                result.note_binary(key, BinaryAnswers(self.labels[1], photos, tuple(sure), truth))
            if split is not Split.TRAIN and mine:
                result.baselines.clear()
                result.baselines.update(majority_accuracy=majority_accuracy(true, train=learnt or None))
        return finished(result, seconds, worst.rows())

    def watched(self, predictor: Predictor) -> tuple[list[list[Cell]], Callable[[], list[Cell]]]:
        """Photos over their classes, and what they are called."""
        kept = [(item.rgb(), item.label or "") for item in spread(self.items[Split.VALIDATION], WATCHED)]

        def name() -> list[Cell]:
            cells = []
            for rgb, label in kept:
                answer = predictor.answers(rgb)[0]
                said = self.labels[int(answer.argmax())]
                cells.append(Cell(thumbnail(rgb), f"{said} {answer.max():.2f}", said == label))
            return cells

        return [[Cell(thumbnail(rgb), label)] for rgb, label in kept], name

    def sample(self, sample: Sample) -> list[Cell]:
        """The picture over its class."""
        return [Cell(thumbnail(pixels(sample[0], mean=self.mean, std=self.deviation)), self.labels[int(sample[1])])]
