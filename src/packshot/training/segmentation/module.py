"""Separating product and background: loss, and IoU on the validation pictures."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from packshot.training.fit_module import FitModule
from packshot.training.losses import picture_iou, segmentation_loss
from packshot.training.segmentation.networks import SEGMENTERS
from packshot.training.segmentation.recipe import SegmentationRecipe

__all__ = ["SegmentationModule"]


class SegmentationModule(FitModule):
    """Trains a network that gives foreground logits.

    Args:
        recipe: the settings, as `SegmentationRecipe.model_dump` gives them.
    """

    headline = "iou"
    outputs = ("alpha",)

    def __init__(self, recipe: Mapping[str, object]) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.recipe = parsed = SegmentationRecipe.model_validate(recipe)
        self.loss = parsed.loss
        self.network = SEGMENTERS[parsed.network](parsed)

    def forward(self, image: Tensor) -> Tensor:
        """Alpha, float (n, 1, h, w), 0..1, of a normalised picture."""
        return torch.sigmoid(self.network(image))

    def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        """One batch's loss."""
        logits, target, loss = self.answer(batch)
        self.log("train/loss", loss, on_step=False, on_epoch=True, prog_bar=True, batch_size=len(target))
        score = picture_iou(logits >= 0, target >= 0.5).mean()
        self.log("train/iou", score, on_step=False, on_epoch=True, batch_size=len(target))
        right = ((logits >= 0) == (target >= 0.5)).float().mean()
        self.log("train/pixel_accuracy", right, on_step=False, on_epoch=True, batch_size=len(target))
        return loss

    def validation_step(self, batch: tuple[Tensor, Tensor], _: int) -> None:
        """Loss and mean IoU of the pictures."""
        logits, target, loss = self.answer(batch)
        score = picture_iou(logits >= 0, target >= 0.5).mean()
        self.log("validation/loss", loss, batch_size=len(target), sync_dist=True)
        self.log("validation/iou", score, prog_bar=True, batch_size=len(target), sync_dist=True)
        right = ((logits >= 0) == (target >= 0.5)).float().mean()
        self.log("validation/pixel_accuracy", right, batch_size=len(target), sync_dist=True)

    def answer(self, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Logits and target of a batch, float (n, 1, h, w) each, and its loss."""
        image, target = batch
        logits = self.network(image.contiguous(memory_format=torch.channels_last)).float()
        if self.loss == "edge":
            return logits, target, segmentation_loss(logits, [], target)
        return logits, target, F.binary_cross_entropy_with_logits(logits, target)
