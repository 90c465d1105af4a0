"""Saying what is in a photo: the losses of the heads and of the embedding, scores on the validation pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor, nn
from torch.nn import functional as F
from torchmetrics import CatMetric

from packshot.heads import Head, HeadKind
from packshot.training.describe.losses import proxy_loss, supervised_contrastive_loss
from packshot.training.describe.recipe import DescribeRecipe
from packshot.training.describe.scores import describe_scores
from packshot.training.module import TrainedModule
from packshot.training.networks.describe_net import DescribeNet
from packshot.training.networks.imagenet import load_imagenet

if TYPE_CHECKING:
    from packshot.training.describe.data import DescribeData

__all__ = ["DescribeModule", "family_loss", "tag_loss"]

_PROXY_SCALE, _PROXY_MARGIN = 16.0, 0.1
_PRODUCTS = 2**40  # below it lie the numbers of products, above it those of photos
_RARE = -3.0  # bias of a tag at the start: most are not in a picture


class DescribeModule(TrainedModule):
    """Trains a `DescribeNet`.

    Args:
        recipe: the settings, as `DescribeRecipe.model_dump` gives them.
        heads: as `Head.model_dump` gives them.
        products: how many products have several pictures; each gets a proxy.
        total_steps: optimiser steps of the whole run, for the cosine schedule.
        pretrained: start from ImageNet weights.
    """

    headline = "score"
    outputs = ("logits", "embedding", "features", "weights")

    def __init__(
        self,
        recipe: Mapping[str, object],
        heads: Sequence[Mapping[str, object]],
        *,
        products: int = 0,
        total_steps: int = 1,
        pretrained: bool = True,
    ) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.recipe = parsed = DescribeRecipe.model_validate(recipe)
        self.heads = tuple(Head.model_validate(head) for head in heads)
        labels = sum(len(head.labels) for head in self.heads)
        self.network: DescribeNet = DescribeNet(labels=labels, embedding=parsed.embedding, encoder=parsed.encoder)
        if pretrained:
            load_imagenet(self.network.encoder, parsed.encoder, top=True)
        for head, start in self._starts():
            if head.kind is HeadKind.TAGS:
                nn.init.constant_(self.network.heads.bias[start : start + len(head.labels)], _RARE)
        self.network.freeze(parsed.frozen_stages)
        self.proxies = nn.Parameter(torch.randn(products, parsed.embedding or 1280)) if products else None
        self.logits, self.embeddings, self.places = CatMetric(), CatMetric(), CatMetric()
        self._trees = [_Families(head, start) for head, start in self._starts() if head.kind is not HeadKind.TAGS]
        self._tags = [slice(start, start + len(h.labels)) for h, start in self._starts() if h.kind is HeadKind.TAGS]

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Logits (n, labels), embedding (n, d), features (n, c, h, w), and the heads' weights (labels, c)."""
        return *self.network(image), self.network.heads.weight

    def on_fit_start(self) -> None:
        """Compile where it is asked for: here, since the average of the weights has copied the network before."""
        if self.recipe.compiled:
            self.network.compile(dynamic=False)  # a program for each size: one for any size is slow to make

    def training_step(self, batch: tuple[Tensor, Tensor, Tensor, Tensor], _: int) -> Tensor:
        """One batch's loss; both views of a sample have its target."""
        views, target, product, identity = batch
        images = views.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        logits, embedding, _features = self.network(images)
        logits, embedding = logits.float(), embedding.float()
        target, product, identity = (each.repeat_interleave(2, dim=0) for each in (target, product, identity))
        losses = self._head_losses(logits, target)
        if self.recipe.weight("embedding") and self.recipe.embedding:
            # Photos of one product belong together, two views of a photo without a product do.
            same = torch.where(product >= 0, -_PRODUCTS - product, identity)
            losses["embedding"] = supervised_contrastive_loss(embedding, same, temperature=self.recipe.closeness)
            if self.proxies is not None:
                near = proxy_loss(embedding, self.proxies, product, scale=_PROXY_SCALE, margin=_PROXY_MARGIN)
                losses["embedding"] = losses["embedding"] + near
        loss = torch.stack([self.recipe.weight(name) * value for name, value in losses.items()]).sum()
        for name, value in losses.items():
            self.log(f"train/{name}", value, on_step=False, on_epoch=True, batch_size=len(target))
        self.log("train/loss", loss, on_step=False, on_epoch=True, prog_bar=True, batch_size=len(target))
        return loss

    def validation_step(self, batch: tuple[Tensor, Tensor, Tensor], _: int) -> None:
        """Collect the answers."""
        image, target, places = batch
        # Never compiled: a few pictures do not pay for it.
        logits, embedding, _features = self.network.forward(image.contiguous(memory_format=torch.channels_last))
        total = sum(self._head_losses(logits.float(), target).values(), start=logits.new_zeros(()))
        self.log("validation/loss", total, batch_size=len(target), sync_dist=True)
        if self.heads:  # torchmetrics forgets what has no columns
            self.logits.update(logits.float())
        self.embeddings.update(embedding.float())
        self.places.update(places)

    def on_validation_epoch_end(self) -> None:
        """Log the scores of each set, and their mean, which chooses the checkpoint."""
        places = self.places.compute().long().reshape(-1)
        data = cast("DescribeData", self.trainer.datamodule)  # type: ignore[attr-defined]  # `trainer.fit` was given it
        items = [data.validation_items[place] for place in places.tolist()]
        logits = self.logits.compute().cpu().numpy() if self.heads else np.zeros((len(items), 0), np.float32)
        scores = describe_scores(data.vocabulary, items, logits, self.embeddings.compute().cpu().numpy())
        for name, value in scores.items():
            self.log(f"validation/{name}", value)
        self.log("validation/score", sum(scores.values()) / max(1, len(scores)), prog_bar=True)
        for metric in (self.logits, self.embeddings, self.places):
            metric.reset()

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """AdamW with a warm-up and a cosine to zero; the heads learn faster than the backbone."""
        total_steps = int(self.hparams["total_steps"])
        recipe = self.recipe
        backbone = [p for p in self.network.encoder.parameters() if p.requires_grad]
        # The order of groups and parameters is part of the checkpoint: a resumed optimiser finds its moments by it.
        known = set(self.network.encoder.parameters())
        heads = [p for p in self.parameters() if p not in known]
        groups = [{"params": heads, "lr": recipe.learning_rate * recipe.head_rate}]
        groups += [{"params": backbone, "lr": recipe.learning_rate}] if backbone else []
        optimizer = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=self.fused)

        def factor(step: int) -> float:
            warm = min(1.0, (step + 1) / recipe.warmup_steps)
            return warm * 0.5 * (1 + math.cos(math.pi * min(1.0, step / total_steps)))

        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def _starts(self) -> list[tuple[Head, int]]:
        starts, start = [], 0
        for head in self.heads:
            starts.append((head, start))
            start += len(head.labels)
        return starts

    def _head_losses(self, logits: Tensor, target: Tensor) -> dict[str, Tensor]:
        losses: dict[str, Tensor] = {}
        for families in self._trees:
            name = "category" if families.head.kind is HeadKind.TREE else "attributes"
            loss = family_loss(logits, target, families.index, smoothing=self.recipe.smoothing)
            losses[name] = losses[name] + loss if name in losses else loss
        for part in self._tags:
            losses["tags"] = tag_loss(logits[:, part], target[:, part])
        return losses


class _Families:
    """Places of the labels that compete, one row a family, filled up with -1."""

    def __init__(self, head: Head, start: int) -> None:
        self.head = head
        rows = [[start + place for place in family] for family in head.families if len(family) > 1]
        longest = max(len(row) for row in rows)
        self.index = torch.tensor([row + [-1] * (longest - len(row)) for row in rows])


def family_loss(logits: Tensor, target: Tensor, index: Tensor, *, smoothing: float) -> Tensor:
    """Cross-entropy within each family of siblings that holds a true label, summed along the way down.

    Args:
        logits: float (n, labels).
        target: float (n, labels), 1 for true, 0 for a true label's siblings, nan for unknown.
        index: int (families, most siblings), places of the labels, -1 to fill up.
        smoothing: share of the truth that is spread over the siblings.

    Returns:
        The mean over the pictures of which anything is known; 0 where there are none.
    """
    index = index.to(logits.device)
    there = index >= 0
    places = index.clamp(min=0)
    picked = logits[:, places].masked_fill(~there, -torch.inf).log_softmax(dim=-1).masked_fill(~there, 0)
    truth = target[:, places].masked_fill(~there, 0)
    known = truth.isfinite().all(dim=-1) & (truth.nan_to_num().sum(dim=-1) > 0)
    spread = there / there.sum(dim=-1, keepdim=True)
    soft = (1 - smoothing) * truth.nan_to_num() + smoothing * spread
    loss = (-(soft * picked).sum(dim=-1) * known).sum(dim=-1)
    return loss.sum() / known.any(dim=-1).sum().clamp(min=1)


def tag_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy over the known tags, the sum over a picture's tags averaged over the pictures.

    Args:
        logits: float (n, tags).
        target: float (n, tags) of 0, 1 and nan.
    """
    known = target.isfinite()
    loss = F.binary_cross_entropy_with_logits(logits, target.nan_to_num(), reduction="none") * known
    return loss.sum() / known.any(dim=-1).sum().clamp(min=1)
