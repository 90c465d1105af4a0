"""The cut-out that ships: losses of its maps, schedule, validation IoU per set."""

from __future__ import annotations

from collections import defaultdict

import torch
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor
from torch.nn import functional as F

from packshot.training.cutout.target import CHANNELS
from packshot.training.losses import picture_iou, weighted_mask_loss
from packshot.training.module import TrainedModule
from packshot.training.networks.cutout_net import CutoutNet
from packshot.training.networks.imagenet import load_imagenet
from packshot.training.processes import of_all_processes
from packshot.training.recipe import Encoder
from packshot.training.schedule import constant_then_decay

__all__ = ["CutoutModule"]

_PARTS, _ERROR = 0.6, 0.2  # weights of the maps beside alpha


class CutoutModule(TrainedModule):
    """Trains a `CutoutNet`.

    Args:
        learning_rate: of the decoder; the pretrained encoder learns at `encoder_rate` times this.
        encoder_rate: factor, 0..1.
        weight_decay: AdamW's.
        total_steps: optimiser steps of the whole run.
        decay_steps: the last so many, over which the rate falls to nothing; before them it is constant.
        warmup_steps: linear warm-up.
        pretrained: start the encoder from ImageNet weights.
        encoder: which one.
        compiled: compile the training step.
    """

    headline = "iou"
    outputs = (*CHANNELS, "error")

    def __init__(
        self,
        *,
        learning_rate: float = 1e-3,
        encoder_rate: float = 0.4,
        weight_decay: float = 1e-4,
        total_steps: int = 1000,
        decay_steps: int = 200,
        warmup_steps: int = 50,
        pretrained: bool = True,
        encoder: Encoder = "efficientnet_lite0",
        compiled: bool = False,
    ) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.network: CutoutNet = CutoutNet(encoder=encoder)
        if pretrained:
            load_imagenet(self.network.encoder, encoder, top=False)
        self._iou: dict[str, list[float]] = defaultdict(list)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """One map for each of `outputs`, float (n, 1, h, w), 0..1.

        The last is the chance that ``alpha`` is on the wrong side of one half.
        """
        logits, _ = self.network(image)
        maps: tuple[Tensor, ...] = torch.split(torch.sigmoid(logits), 1, dim=1)  # type: ignore[no-untyped-call]
        return maps

    def on_fit_start(self) -> None:
        """Compile where it is asked for: here, since the average of the weights has copied the network before."""
        if self.hparams["compiled"]:
            self.network.compile(dynamic=False)  # a program for each shape: one for any shape is slow to make

    def training_step(self, batch: tuple[Tensor, Tensor, Tensor], _: int) -> Tensor:
        """One batch's loss."""
        image, values, weights = batch
        logits, auxiliary = self.network(image.contiguous(memory_format=torch.channels_last))
        logits = logits.float()
        alpha, value, weight = logits[:, :1], values[:, :1], weights[:, :1]
        loss = weighted_mask_loss(alpha, value, weight)
        for coarse in auxiliary:
            size = coarse.shape[-2:]
            small, known = (F.interpolate(x, size=size, mode="area") for x in (value, weight))
            loss = loss + 0.15 * weighted_mask_loss(coarse.float(), small, known)
        for part in range(1, len(CHANNELS)):
            chosen = slice(part, part + 1)
            loss = loss + _PARTS * weighted_mask_loss(logits[:, chosen], values[:, chosen], weights[:, chosen], iou=0.3)
        wrong = ((alpha.detach() >= 0) != (value >= 0.5)).float()
        error = weighted_mask_loss(logits[:, -1:], wrong, (weight > 0).float(), iou=0.0)
        self.log("train/loss", loss, on_step=False, on_epoch=True, prog_bar=True)
        with torch.no_grad():
            known = weight > 0
            found = picture_iou((alpha >= 0) & known, (value >= 0.5) & known).mean()
            self.log("train/iou", found, on_step=False, on_epoch=True)
            self.log("train/error_loss", error, on_step=False, on_epoch=True)
        return loss + _ERROR * error

    def validation_step(self, batch: tuple[Tensor, Tensor, list[str]], _: int) -> None:
        """Collect each picture's IoU at threshold 0.5."""
        image, target, names = batch
        logits = self.network.forward(image)[0][:, :1]  # never compiled: a few pictures do not pay for it
        loss = F.binary_cross_entropy_with_logits(logits, target)
        self.log("validation/loss", loss, batch_size=len(target), sync_dist=True)
        for name, value in zip(names, picture_iou(logits >= 0, target >= 0.5).tolist(), strict=True):
            self._iou[name].append(value)

    def on_validation_epoch_end(self) -> None:
        """Log the mean IoU of each set, and the mean of those means, which chooses the checkpoint."""
        means = {name: sum(values) / len(values) for name, values in of_all_processes(self._iou).items()}
        for name, value in means.items():
            self.log(f"validation/iou_{name}", value)
        self.log("validation/iou", sum(means.values()) / max(1, len(means)), prog_bar=True)
        self._iou.clear()

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """AdamW with a warm-up, a constant rate, and a linear decay to nothing at the end."""
        given = self.hparams
        learning_rate, total_steps = float(given["learning_rate"]), int(given["total_steps"])
        warmup_steps, decay_steps = int(given["warmup_steps"]), int(given["decay_steps"])
        encoder = list(self.network.encoder.parameters())
        # The order of groups and parameters is part of the checkpoint: a resumed optimiser finds its moments by it.
        known = set(encoder)
        decoder = [p for p in self.network.parameters() if p not in known]
        groups = [
            {"params": encoder, "lr": learning_rate * given["encoder_rate"]},
            {"params": decoder, "lr": learning_rate},
        ]
        optimizer = torch.optim.AdamW(groups, weight_decay=given["weight_decay"], fused=self.fused)
        schedule = constant_then_decay(optimizer, total=total_steps, warmup=warmup_steps, decay=decay_steps)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}
