"""What networks fitted to pictures share: optimiser, schedule, and the recipe inside the checkpoint."""

from __future__ import annotations

import torch
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import nn

from packshot.training.module import TrainedModule
from packshot.training.recipe import FitRecipe

__all__ = ["FitModule", "parameter_groups"]


class FitModule(TrainedModule):
    """A network with its optimiser.

    Attributes:
        recipe: the settings, also inside every checkpoint.
    """

    recipe: FitRecipe

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """The recipe's optimiser and schedule."""
        recipe = self.recipe
        optimizer = _optimizer(recipe, self.network, fused=self.fused)
        if recipe.schedule == "constant":
            return optimizer
        steps = int(self.trainer.estimated_stepping_batches)
        if recipe.schedule == "cosine":
            cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=max(1, steps))
            return {"optimizer": optimizer, "lr_scheduler": {"scheduler": cosine, "interval": "step"}}
        if recipe.schedule == "inverse":
            inverse = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + recipe.decay * step))
            return {"optimizer": optimizer, "lr_scheduler": {"scheduler": inverse, "interval": "step"}}
        plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.1, patience=recipe.plateau_patience)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {
                "scheduler": plateau,
                "monitor": "validation/loss",
                # Once an epoch, but counted in steps: so it has happened when the epoch's checkpoint is written.
                "interval": "step",
                "frequency": int(self.trainer.num_training_batches),
            },
        }


def parameter_groups(network: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Kernels, which decay, and biases and batch norms, which do not; empty groups are left out.

    The order of groups and parameters is part of a checkpoint: a resumed optimiser finds its moments by it.
    """
    wanted = [p for p in network.parameters() if p.requires_grad]
    groups: list[dict[str, object]] = [
        {"params": [p for p in wanted if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in wanted if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return [group for group in groups if group["params"]]


def _optimizer(recipe: FitRecipe, network: nn.Module, *, fused: bool) -> torch.optim.Optimizer:
    rate = recipe.learning_rate
    if recipe.optimiser == "adamw":
        groups = parameter_groups(network, recipe.weight_decay)
        return torch.optim.AdamW(groups, lr=rate, amsgrad=recipe.amsgrad, fused=fused)
    # The gradient of c * sum(w^2) is 2 c w, and torch adds weight_decay * w.
    groups = parameter_groups(network, 2 * recipe.weight_decay)
    if recipe.optimiser == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=recipe.momentum, nesterov=recipe.nesterov, fused=fused)
    return torch.optim.Adam(groups, lr=rate, amsgrad=recipe.amsgrad, fused=fused)
