"""Finding overlays: losses of the picture and its cells, and the schedule."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor
from torch.nn import functional as F
from torchmetrics import SumMetric

from packshot.training.drawn.module import BatchAnswer, YesNoModule
from packshot.training.drawn.samples import Tensors
from packshot.training.fit_module import parameter_groups
from packshot.training.networks.overlay_net import OverlayNet
from packshot.training.overlay.recipe import OverlayRecipe
from packshot.training.schedule import constant_then_decay

__all__ = ["OverlayModule", "cell_loss"]


class OverlayModule(YesNoModule):
    """Trains an `OverlayNet`.

    Args:
        recipe: the settings, as `OverlayRecipe.model_dump` gives them.
    """

    outputs = ("overlaid", "places")
    recipe: OverlayRecipe

    def __init__(self, recipe: Mapping[str, object]) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.recipe = OverlayRecipe.model_validate(recipe)
        self.network: OverlayNet = OverlayNet()
        self.shared, self.found, self.wanted = SumMetric(), SumMetric(), SumMetric()

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """The calibrated probability of overlays, float (n,), and of each cell, float (n, h / 8, w / 8)."""
        overlaid, places = self.network(image)
        return torch.sigmoid(overlaid / self.temperature), torch.sigmoid(places)

    def answer(self, batch: Tensors) -> BatchAnswer:
        """Whether there are overlays, and the logits of the cells, float (n, h, w)."""
        image, truths, cells = batch
        overlaid, places = self.network(image.contiguous(memory_format=torch.channels_last))
        overlaid, places = overlaid.float(), places.float()
        loss = F.binary_cross_entropy_with_logits(overlaid, truths) + cell_loss(places, cells)
        return BatchAnswer(overlaid, truths, loss, (places,))

    def collect(self, batch: Tensors, answer: BatchAnswer) -> None:
        """Count the cells that are shared, found and wanted."""
        cells, places = batch[2], answer.further[0]
        known, wanted, found = cells >= 0, cells > 0.5, places >= 0
        self.shared.update((found & wanted).sum())
        self.found.update((found & known).sum())
        self.wanted.update(wanted.sum())

    def on_validation_epoch_end(self) -> None:
        """Log the cells' F1, too."""
        super().on_validation_epoch_end()
        both = (self.found.compute() + self.wanted.compute()).clamp(min=1)
        self.log("validation/cell_f1", 2 * self.shared.compute() / both, prog_bar=True)
        for metric in (self.shared, self.found, self.wanted):
            metric.reset()

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
