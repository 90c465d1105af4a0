"""What a recipe amounts to on given pictures: network, loaders, samples, evaluator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import lightning
from torch.utils.data import Dataset

from packshot.training.evaluators import Evaluator
from packshot.training.figures.samples import Sample
from packshot.training.module import TrainedModule

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything `packshot.training.loop.train` needs to know.

    Attributes:
        module: with fresh weights.
        data: loaders.
        samples: the first epoch's training samples.
        evaluator: scores and draws the answers.
        labels: the classes in the order of their numbers; empty for other tasks.
        gradient_clip: largest norm; 0 does not clip.
        callbacks: of this task alone.
        originals: what `samples` were before they were changed, one for one; None where samples are drawn.
    """

    module: TrainedModule
    data: lightning.LightningDataModule
    samples: Callable[[], Dataset[Sample]]
    evaluator: Evaluator
    labels: tuple[str, ...] = ()
    gradient_clip: float = 0.0
    callbacks: tuple[lightning.Callback, ...] = ()
    originals: Callable[[], Dataset[Sample]] | None = None
