"""Finding overlays: losses of the picture and its cells, the schedule, and the temperature of the score."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor
from torch.nn import functional as F
from torchmetrics import CatMetric, MeanMetric, SumMetric

from packshot.training.fit_module import parameter_groups
from packshot.training.module import TrainedModule
from packshot.training.networks.overlay_net import OverlayNet
from packshot.training.overlay.recipe import OverlayRecipe
from packshot.training.schedule import constant_then_decay
from packshot.training.temperature import fit_temperature

__all__ = ["OverlayModule", "cell_loss"]

_CALIBRATION = 0  # place of the calibration samples among the validation loaders

Batch = tuple[Tensor, Tensor, Tensor]


class OverlayModule(TrainedModule):
    """Trains an `OverlayNet`.

    Args:
        recipe: the settings, as `OverlayRecipe.model_dump` gives them.
    """

    headline = "accuracy"
    outputs = ("overlaid", "places")
    temperature: Tensor

    def __init__(self, recipe: Mapping[str, object]) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.recipe = OverlayRecipe.model_validate(recipe)
        self.network: OverlayNet = OverlayNet()
        self.register_buffer("temperature", torch.ones(()))
        self.loss, self.logits, self.truths = MeanMetric(), CatMetric(), CatMetric()
        self.calibration_logits, self.calibration_truths = CatMetric(), CatMetric()
        self.shared, self.found, self.wanted = SumMetric(), SumMetric(), SumMetric()

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """The calibrated probability of overlays, float (n,), and of each cell, float (n, h / 8, w / 8)."""
        overlaid, places = self.network(image)
        return torch.sigmoid(overlaid / self.temperature), torch.sigmoid(places)

    def training_step(self, batch: Batch, _: int) -> Tensor:
        """One batch's loss."""
        overlaid, _places, loss = self.answer(batch)
        right = ((overlaid >= 0) == (batch[1] >= 0.5)).float().mean()
        self.log("train/loss", loss, on_step=False, on_epoch=True, prog_bar=True, batch_size=len(overlaid))
        self.log("train/accuracy", right, on_step=False, on_epoch=True, batch_size=len(overlaid))
        return loss

    def validation_step(self, batch: Batch, _: int, dataloader_idx: int = 0) -> None:
        """Collect logits: of the calibration samples, and of those that choose the best weights."""
        overlaid, places, loss = self.answer(batch)
        if dataloader_idx == _CALIBRATION:
            self.calibration_logits.update(overlaid)
            self.calibration_truths.update(batch[1])
            return
        self.loss.update(loss, len(overlaid))
        self.logits.update(overlaid)
        self.truths.update(batch[1])
        known, wanted, found = batch[2] >= 0, batch[2] > 0.5, places >= 0
        self.shared.update((found & wanted).sum())
        self.found.update((found & known).sum())
        self.wanted.update(wanted.sum())

    def on_validation_epoch_end(self) -> None:
        """Fit the temperature, which goes into the checkpoint with the weights, and log the scores."""
        logits, truths = (metric.compute().reshape(-1) for metric in (self.calibration_logits, self.calibration_truths))
        self.temperature.fill_(fit_temperature(logits, truths))
        logits, truths = (metric.compute().reshape(-1) for metric in (self.logits, self.truths))
        self.log("validation/loss", self.loss.compute())
        self.log("validation/accuracy", ((logits >= 0) == (truths >= 0.5)).float().mean(), prog_bar=True)
        self.log("validation/temperature", self.temperature)
        both = (self.found.compute() + self.wanted.compute()).clamp(min=1)
        self.log("validation/cell_f1", 2 * self.shared.compute() / both, prog_bar=True)
        every = (self.loss, self.logits, self.truths, self.calibration_logits, self.calibration_truths)
        for metric in (*every, self.shared, self.found, self.wanted):
            metric.reset()

    def answer(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """The logits of the pictures, float (n,), of their cells, float (n, h, w), and the loss."""
        image, truth, cells = batch
        overlaid, places = self.network(image.contiguous(memory_format=torch.channels_last))
        overlaid, places = overlaid.float(), places.float()
        return overlaid, places, F.binary_cross_entropy_with_logits(overlaid, truth) + cell_loss(places, cells)

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """AdamW with a warm-up, a constant rate, and a linear decay to nothing at the end."""
        recipe = self.recipe
        groups = parameter_groups(self.network, recipe.weight_decay)
        optimizer = torch.optim.AdamW(groups, lr=recipe.learning_rate)
        total = int(self.trainer.estimated_stepping_batches)
        decay = recipe.decay_epochs * max(1, total // max(1, recipe.epochs))
        schedule = constant_then_decay(optimizer, total=total, warmup=recipe.warmup_steps, decay=decay)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def cell_loss(logits: Tensor, cells: Tensor) -> Tensor:
    """Cross-entropy over the cells that are known, and soft overlap (Dice) over the whole batch.

    Overlaid cells are few: of the cross-entropy, they and the free ones carry a quarter and three quarters.

    Args:
        logits: float (n, h, w).
        cells: float (n, h, w), 1, 0, or below 0 where unknown.
    """
    known, wanted = (cells >= 0).float(), (cells > 0.5).float()
    entropy = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none") * known
    overlaid = (entropy * wanted).sum() / wanted.sum().clamp(min=1)
    free = (entropy * (1 - wanted)).sum() / (known - wanted).sum().clamp(min=1)
    found = torch.sigmoid(logits) * known
    dice = 1 - (2 * (found * wanted).sum() + 1) / (found.sum() + wanted.sum() + 1)
    return 0.25 * overlaid + 0.75 * free + dice
