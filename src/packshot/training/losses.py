"""Losses for soft foreground masks."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["edge_weight", "segmentation_loss", "soft_iou_loss", "weighted_mask_loss"]


def edge_weight(target: Tensor, *, radius: int, gain: float) -> Tensor:
    """1 everywhere, ``1 + gain`` within `radius` pixels of the target's edge.

    Args:
        target: float (n, 1, h, w), 0..1.
        radius: pixels.
        gain: how much more an edge pixel counts.
    """
    kernel = 2 * radius + 1
    widened = F.max_pool2d(target, kernel, 1, radius)
    narrowed = -F.max_pool2d(-target, kernel, 1, radius)
    return 1 + gain * (widened - narrowed)


def soft_iou_loss(logits: Tensor, target: Tensor) -> Tensor:
    """1 - intersection over union with probabilities in place of labels, mean over the batch."""
    p = torch.sigmoid(logits)
    shared = (p * target).sum(dim=(1, 2, 3))
    union = (p + target - p * target).sum(dim=(1, 2, 3))
    return (1 - (shared + 1) / (union + 1)).mean()


def segmentation_loss(logits: Tensor, auxiliary: Sequence[Tensor], target: Tensor) -> Tensor:
    """Edge-weighted cross-entropy plus soft IoU; the coarse maps are supervised at their own stride.

    Args:
        logits: float (n, 1, h, w).
        auxiliary: coarser logits.
        target: float (n, 1, h, w), 0..1.
    """
    radius = max(1, target.shape[-1] // 80)
    weight = edge_weight(target, radius=radius, gain=3.0)
    entropy = F.binary_cross_entropy_with_logits(logits, target, weight=weight, reduction="sum") / weight.sum()
    loss = entropy + soft_iou_loss(logits, target)
    for coarse in auxiliary:
        small = F.interpolate(target, size=coarse.shape[-2:], mode="area")
        loss = loss + 0.15 * (F.binary_cross_entropy_with_logits(coarse, small) + soft_iou_loss(coarse, small))
    return loss


def weighted_mask_loss(logits: Tensor, target: Tensor, weight: Tensor, *, iou: float = 1.0) -> Tensor:
    """Cross-entropy plus soft IoU, both over what is known alone.

    Each picture counts as much as any other, however much of it is known; one of which nothing is known counts nothing.

    Args:
        logits: float (n, 1, h, w).
        target: float (n, 1, h, w), 0..1.
        weight: float (n, 1, h, w), 0 where nothing is known.
        iou: weight of the soft IoU.
    """
    axes = (1, 2, 3)
    known = weight.sum(dim=axes)
    share = (known > 0.01 * weight[0].numel()).float()
    count = share.sum().clamp(min=1)
    entropy = F.binary_cross_entropy_with_logits(logits, target, weight=weight, reduction="none").sum(dim=axes)
    loss = (share * entropy / known.clamp(min=1)).sum() / count
    if iou:
        seen = (weight > 0).float()
        p, t = torch.sigmoid(logits) * seen, target * seen
        shared, union = (p * t).sum(dim=axes), (p + t - p * t).sum(dim=axes)
        loss = loss + iou * (share * (1 - (shared + 1) / (union + 1))).sum() / count
    return loss


def picture_iou(predicted: Tensor, true: Tensor) -> Tensor:
    """Intersection over union of each picture; 1 where both masks are empty.

    Args:
        predicted: bool (n, 1, h, w).
        true: bool (n, 1, h, w).

    Returns:
        float (n,).
    """
    shared = (predicted & true).sum(dim=(1, 2, 3)).float()
    union = (predicted | true).sum(dim=(1, 2, 3)).float()
    return torch.where(union > 0, shared / union.clamp(min=1), torch.ones_like(union))
