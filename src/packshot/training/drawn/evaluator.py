"""Scores of a network on drawn pictures: its answers of yes or no, and what it says besides."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Split
from packshot.training.drawn.answers import YesNo, note_yes_no
from packshot.training.drawn.data import DrawnData
from packshot.training.evaluators.scores import TRAINED_ON, WATCHED, Scores, finished
from packshot.training.evaluators.worst import WorstCells
from packshot.training.figures.grid import Cell
from packshot.training.figures.samples import Sample
from packshot.training.prediction import Predictor
from packshot.values import Rgb

__all__ = ["DrawnEvaluator"]


class DrawnPicture(Protocol):
    """What an evaluator asks about."""

    @property
    def rgb(self) -> Rgb:
        """Pixels: uint8 (h, w, 3)."""
        ...


Picture = TypeVar("Picture", bound=DrawnPicture)
Answer = TypeVar("Answer", bound=YesNo)


class DrawnEvaluator(ABC, Generic[Picture, Answer]):
    """Scores a network on the pictures `DrawnData` draws for its reports.

    Args:
        data: the recipe's.

    Attributes:
        label: of the pictures of which yes is right.
    """

    progress_columns: tuple[str, ...] = ("picture",)
    prediction_columns: tuple[str, ...] = ()
    label: str

    def __init__(self, data: DrawnData[Picture]) -> None:
        self.data = data

    @abstractmethod
    def answer(self, picture: Picture, outputs: list[NDArray[np.float32]], seconds: float) -> Answer:
        """What the network's outputs say of a picture.

        Args:
            picture: that was asked about.
            outputs: float32, in the order of the module's.
            seconds: that they took.
        """

    @abstractmethod
    def figures(self, answers: Sequence[Answer]) -> Mapping[str, float]:
        """What is measured of the other outputs."""

    @abstractmethod
    def truth_cell(self, picture: Picture) -> Cell:
        """A picture with what is true of it."""

    @abstractmethod
    def answer_cell(self, picture: Picture, answer: Answer) -> Cell:
        """A picture with what was said of it."""

    @abstractmethod
    def sample(self, sample: Sample) -> list[Cell]:
        """For ``samples.png``: a training sample, just as it reaches the network."""

    def score(self, predictor: Predictor, *, between: Callable[[], None]) -> Scores:
        """Score on pictures at their own size."""
        result, worst = Scores(headline="accuracy"), WorstCells()
        seconds: list[float] = []
        for split in Split:
            answers: list[Answer] = []
            for picture in self._pictures(split, TRAINED_ON if split is Split.TRAIN else None):
                answer = self._ask(predictor, picture)
                answers.append(answer)
                if split is Split.VALIDATION:
                    seconds.append(answer.seconds)
                    worst.add(answer.of_truth, self.answer_cell(picture, answer))
                between()
            note_yes_no(result, split, answers, label=self.label, further=self.figures(answers))
        return finished(result, seconds, worst.rows())

    def watched(self, predictor: Predictor) -> tuple[list[list[Cell]], Callable[[], list[Cell]]]:
        """Validation pictures, the truth beside what is said of them."""
        kept = list(self._pictures(Split.VALIDATION, WATCHED))

        def ask() -> list[Cell]:
            return [self.answer_cell(picture, self._ask(predictor, picture)) for picture in kept]

        return [[self.truth_cell(picture)] for picture in kept], ask

    def _ask(self, predictor: Predictor, picture: Picture) -> Answer:
        start = time.perf_counter()
        outputs = predictor.answers(picture.rgb)
        return self.answer(picture, outputs, time.perf_counter() - start)

    def _pictures(self, split: Split, most: int | None) -> Iterator[Picture]:
        source, drawn = self.data.report(split), self.data.recipe.validation_samples
        length = source.length(drawn)
        for index in range(length) if most is None else np.linspace(0, length - 1, min(most, length)).round():
            yield source.picture(int(index), drawn=drawn)
