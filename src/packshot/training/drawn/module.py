"""Answering by yes or no: the loss, and a temperature that makes the score a probability."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor
from torchmetrics import CatMetric, MeanMetric

from packshot.training.drawn.samples import Tensors
from packshot.training.fit_module import FitModule
from packshot.training.temperature import fit_temperature

__all__ = ["BatchAnswer", "YesNoModule"]

_CALIBRATION = 0  # place of the calibration samples among the validation loaders of `DrawnData`


class BatchAnswer(NamedTuple):
    """What a network says of a batch.

    Attributes:
        logits: of yes, float (n,).
        truths: float (n,), 1 for yes, 0 for no.
        loss: of all outputs.
        further: logits of the other outputs.
    """

    logits: Tensor
    truths: Tensor
    loss: Tensor
    further: tuple[Tensor, ...] = ()


class YesNoModule(FitModule, ABC):
    """Trains a network whose first output is the logit of a question; its first target says whether yes is right.

    After each epoch the temperature is fitted to samples kept for that, and goes into the checkpoint with the weights.
    """

    headline = "accuracy"
    temperature: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("temperature", torch.ones(()))
        self.loss, self.logits, self.truths = MeanMetric(), CatMetric(), CatMetric()
        self.calibration_logits, self.calibration_truths = CatMetric(), CatMetric()

    @abstractmethod
    def answer(self, batch: Tensors) -> BatchAnswer:
        """What the network says of a batch, and how wrong that is."""

    def training_step(self, batch: Tensors, _: int) -> Tensor:
        """One batch's loss."""
        answer = self.answer(batch)
        count, right = len(answer.logits), _accuracy(answer.logits, answer.truths)
        self.log("train/loss", answer.loss, on_step=False, on_epoch=True, prog_bar=True, batch_size=count)
        self.log("train/accuracy", right, on_step=False, on_epoch=True, batch_size=count)
        return answer.loss

    def validation_step(self, batch: Tensors, _: int, dataloader_idx: int = 0) -> None:
        """Collect logits: of the calibration samples, and of those that choose the best weights."""
        answer = self.answer(batch)
        if dataloader_idx == _CALIBRATION:
            self.calibration_logits.update(answer.logits)
            self.calibration_truths.update(answer.truths)
            return
        self.loss.update(answer.loss, len(answer.logits))
        self.logits.update(answer.logits)
        self.truths.update(answer.truths)
        self.collect(batch, answer)

    def collect(self, batch: Tensors, answer: BatchAnswer) -> None:
        """Collect what a task scores besides, of the samples that choose the best weights."""

    def on_validation_epoch_end(self) -> None:
        """Fit the temperature, and log the scores."""
        logits, truths = (metric.compute().reshape(-1) for metric in (self.calibration_logits, self.calibration_truths))
        self.temperature.fill_(fit_temperature(logits, truths))
        logits, truths = (metric.compute().reshape(-1) for metric in (self.logits, self.truths))
        self.log("validation/loss", self.loss.compute())
        self.log("validation/accuracy", _accuracy(logits, truths), prog_bar=True)
        self.log("validation/temperature", self.temperature)
        for metric in (self.loss, self.logits, self.truths, self.calibration_logits, self.calibration_truths):
            metric.reset()


def _accuracy(logits: Tensor, truths: Tensor) -> Tensor:
    return ((logits >= 0) == (truths >= 0.5)).float().mean()
