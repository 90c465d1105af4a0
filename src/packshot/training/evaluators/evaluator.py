"""How a task's networks are scored, and how their answers are shown: one evaluator a task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from packshot.training.evaluators.scores import Scores
from packshot.training.figures.grid import Cell
from packshot.training.figures.samples import Sample
from packshot.training.prediction import Predictor

__all__ = ["Evaluator"]


class Evaluator(Protocol):
    """Scores a trained network, and draws its inputs and its answers.

    Attributes:
        progress_columns: heads of the columns of ``progress.png`` that stay.
        prediction_columns: heads of the columns of ``predictions.png``; empty for none.
    """

    progress_columns: tuple[str, ...]
    prediction_columns: tuple[str, ...]

    def score(self, predictor: Predictor, *, between: Callable[[], None]) -> Scores:
        """Score on all splits.

        Args:
            predictor: of the best weights.
            between: called after each photo; may raise to stop.
        """

    def watched(self, predictor: Predictor) -> tuple[list[list[Cell]], Callable[[], list[Cell]]]:
        """For ``progress.png``: the cells of a few validation photos that stay, and a function that draws the answers.

        Args:
            predictor: of the network in training.
        """

    def sample(self, sample: Sample) -> list[Cell]:
        """For ``samples.png``: a training sample, just as it reaches the network."""
