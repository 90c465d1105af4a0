"""What a task's answers are worth, and how they are shown: one judge a task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from packshot.training.figures.grid import Cell
from packshot.training.judges.scores import Scores
from packshot.training.prediction import Predictor

__all__ = ["Judge"]


class Judge(Protocol):
    """Scores a trained network, and draws what it sees and says.

    Attributes:
        known: heads of the columns of ``progress.png`` that stay.
        heads: of ``predictions.png``; empty for none.
    """

    known: tuple[str, ...]
    heads: tuple[str, ...]

    def score(self, predictor: Predictor, *, between: Callable[[], None]) -> Scores:
        """Score on all splits.

        Args:
            predictor: of the best weights.
            between: called after each photo; may raise to stop.
        """

    def watched(self, predictor: Predictor) -> tuple[list[list[Cell]], Callable[[], list[Cell]]]:
        """For ``progress.png``: what stays of a few validation photos, and how to draw their answers of now."""

    def sample(self, sample: Any) -> list[Cell]:
        """For ``samples.png``: a training sample, just as it reaches the network."""
