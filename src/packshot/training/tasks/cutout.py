"""The cutout that ships: loss, schedule, validation IoU per set."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import lightning
import torch
from torch import Tensor

from packshot.training.losses import segmentation_loss
from packshot.training.networks.cutout_net import CutoutNet
from packshot.training.networks.imagenet import load_imagenet
from packshot.training.recipe import Encoder
from packshot.training.tasks.segmentation import picture_iou

__all__ = ["Cutout"]


class Cutout(lightning.LightningModule):
    """Trains a `CutoutNet`.

    Args:
        learning_rate: of the decoder; the pretrained encoder learns at `encoder_rate` times this.
        encoder_rate: factor, 0..1.
        weight_decay: AdamW's.
        total_steps: optimiser steps of the whole run, for the cosine schedule.
        warmup_steps: linear warm-up.
        pretrained: start the encoder from ImageNet weights.
        encoder: which one.

    Attributes:
        headline: name of the validation score that chooses the best weights.
        outputs: names of what `forward` gives, as in the exported file.
        multiple: height and width of a picture divide by it.
    """

    headline = "iou"
    outputs = ("alpha",)
    multiple = 32

    def __init__(
        self,
        *,
        learning_rate: float = 1e-3,
        encoder_rate: float = 0.4,
        weight_decay: float = 1e-4,
        total_steps: int = 1000,
        warmup_steps: int = 50,
        pretrained: bool = True,
        encoder: Encoder = "efficientnet_lite0",
    ) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.network = CutoutNet(encoder=encoder)
        if pretrained:
            load_imagenet(self.network.encoder, encoder, top=False)
        self._iou: dict[str, list[float]] = defaultdict(list)

    def forward(self, image: Tensor) -> Tensor:
        """Alpha, float (n, 1, h, w), 0..1."""
        logits, _ = self.network(image)
        return torch.sigmoid(logits)

    def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        """One batch's loss."""
        image, target = batch
        logits, auxiliary = self.network(image.contiguous(memory_format=torch.channels_last))
        loss = segmentation_loss(logits, auxiliary, target)
        self.log("train/loss", loss, on_step=False, on_epoch=True, prog_bar=True)
        with torch.no_grad():
            self.log("train/iou", picture_iou(logits >= 0, target >= 0.5).mean(), on_step=False, on_epoch=True)
        return loss

    def validation_step(self, batch: tuple[Tensor, Tensor, list[str]], _: int) -> None:
        """Collect each picture's IoU at threshold 0.5."""
        image, target, names = batch
        logits, _ = self.network(image)
        self.log("validation/loss", segmentation_loss(logits, [], target), batch_size=len(target))
        for name, value in zip(names, picture_iou(logits >= 0, target >= 0.5).tolist(), strict=True):
            self._iou[name].append(value)

    def on_validation_epoch_end(self) -> None:
        """Log the mean IoU of each set, and the mean of those means, which chooses the checkpoint."""
        means = {name: sum(values) / len(values) for name, values in self._iou.items()}
        for name, value in means.items():
            self.log(f"validation/iou_{name}", value)
        self.log("validation/iou", sum(means.values()) / max(1, len(means)), prog_bar=True)
        self._iou.clear()

    def configure_optimizers(self) -> Any:
        """AdamW with a warm-up and a cosine to zero."""
        h: Any = self.hparams
        encoder = list(self.network.encoder.parameters())
        # The order of groups and parameters is part of the checkpoint: a resumed optimiser finds its moments by it.
        known = set(encoder)
        decoder = [p for p in self.network.parameters() if p not in known]
        groups = [
            {"params": encoder, "lr": h.learning_rate * h.encoder_rate},
            {"params": decoder, "lr": h.learning_rate},
        ]
        optimizer = torch.optim.AdamW(groups, weight_decay=h.weight_decay, fused=True)

        def factor(step: int) -> float:
            if step < h.warmup_steps:
                return (step + 1) / h.warmup_steps
            done = (step - h.warmup_steps) / max(1, h.total_steps - h.warmup_steps)
            return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))

        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}
