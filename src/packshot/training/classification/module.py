"""Classification: weighted cross-entropy, accuracy and macro F1 on the validation pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchmetrics.classification import MulticlassAccuracy, MulticlassF1Score

from packshot.training.classification.networks import CLASSIFIERS
from packshot.training.classification.recipe import ClassificationRecipe
from packshot.training.fit_module import FitModule

__all__ = ["ClassificationModule", "balanced_weights"]


class ClassificationModule(FitModule):
    """Trains a network that gives class logits.

    Args:
        recipe: the settings, as `ClassificationRecipe.model_dump` gives them.
        labels: the classes, in the order of their numbers.
        weights: of the classes in the loss; empty for equal ones.
    """

    headline = "accuracy"
    outputs = ("probabilities",)
    recipe: ClassificationRecipe
    weights: Tensor

    def __init__(self, recipe: Mapping[str, object], labels: Sequence[str], weights: Sequence[float] = ()) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.recipe = parsed = ClassificationRecipe.model_validate(recipe)
        self.labels = list(labels)
        self.network = CLASSIFIERS[parsed.network](parsed, len(labels))
        self.register_buffer("weights", torch.tensor(weights or [1.0] * len(labels)), persistent=False)
        self.accuracy = MulticlassAccuracy(len(labels), average="micro")
        self.macro_f1 = MulticlassF1Score(len(labels), average="macro")

    def forward(self, image: Tensor) -> Tensor:
        """Class probabilities, float (n, classes), of a normalised picture."""
        return self.network(image).softmax(dim=1)

    def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        """One batch's loss."""
        logits, target, loss = self.answer(batch)
        self.log("train/loss", loss, on_step=False, on_epoch=True, prog_bar=True, batch_size=len(target))
        right = (logits.argmax(dim=1) == target).float().mean()
        self.log("train/accuracy", right, on_step=False, on_epoch=True, batch_size=len(target))
        return loss

    def validation_step(self, batch: tuple[Tensor, Tensor], _: int) -> None:
        """Loss, accuracy and macro F1."""
        logits, target, loss = self.answer(batch)
        self.accuracy(logits, target)
        self.macro_f1(logits, target)
        self.log("validation/loss", loss, batch_size=len(target), sync_dist=True)
        self.log("validation/accuracy", self.accuracy, on_epoch=True, prog_bar=True)
        self.log("validation/macro_f1", self.macro_f1, on_epoch=True)

    def answer(self, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of a batch of pictures, or of features (n, d) that were kept, float (n, classes); classes and loss."""
        image, target = batch
        network = cast(nn.Module, self.network.head) if image.ndim == 2 else self.network
        shaped = image if image.ndim == 2 else image.contiguous(memory_format=torch.channels_last)
        logits = network(shaped).float()
        return logits, target, F.cross_entropy(logits, target, weight=self.weights)


def balanced_weights(labels: Sequence[str], seen: Sequence[str]) -> list[float]:
    """Weights that make every class count alike: pictures / (classes * pictures of the class).

    Args:
        labels: the classes.
        seen: the label of each training picture; every class occurs.
    """
    return [len(seen) / (len(labels) * list(seen).count(label)) for label in labels]
