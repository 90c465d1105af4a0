"""Learning where tags are from which tags are there.

No pixel is labelled. Known are the tags of a photo and, from the cut-out, which places belong to the person or product.
Three things are asked of a linear classifier of places: that every place of the product is of one of the photo's tags;
that each of these tags has places of its own, as many as it is found to have on average (multiple instance learning
with a growing share, as Pathak et al. 2015 constrain sizes); and that what is no product, such as skin, does not take
more than its share, or it would take all: it is in every photo. Backbone and heads stay as they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import torch
from torch import Tensor
from torch.nn import functional as F

from packshot.datasets import Described
from packshot.explanation import POSITIONS, position_basis
from packshot.heads import Head
from packshot.training.networks.describe_net import DescribeNet
from packshot.training.networks.places_head import PlacesHead
from packshot.values import Rgb

__all__ = ["PlaceSamples", "fit_places", "place_samples"]

#: Photos that are looked at, at most: their features are kept in memory, 300 kB each at 288 pixels.
MOST_PHOTOS = 4000
_KEPT = 192  # principal components of the last features
_STEPS, _BATCH, _RATE, _DECAY = 660, 32, 5e-3, 1e-2
_WARM = 0.25  # of the epochs, until the share of a tag is its own
_START, _LEAST, _GREATEST = 0.05, 0.008, 0.2  # of a tag's share of the grid
_OWN = 0.5  # of the places found for a tag, so many must be sure
_IGNORED = 0.2  # of the product's places may be of one tag that is no product
_WEIGHT = 5.0  # of taking more


@dataclass(frozen=True, slots=True)
class PlaceSamples:
    """What the network sees in photos.

    Attributes:
        features: float16 (n, c, h, w), its last.
        finer: float16 (n, d, 2 h, 2 w).
        inside: bool (n, 2 h, 2 w), places of the product.
        positions: float32 (n, 12, 2 h, 2 w), of `position_basis`.
        tags: bool (n, tags), those that are there.
    """

    features: Tensor
    finer: Tensor
    inside: Tensor
    positions: Tensor
    tags: Tensor


def place_samples(
    network: DescribeNet, items: Sequence[Described], head: Head, *, prepare: Callable[[Rgb], Tensor]
) -> PlaceSamples:
    """Features, places and tags of photos.

    Args:
        network: whose features are kept.
        items: each with tags and a mask.
        head: the tags.
        prepare: makes the network's input, float (3, h, w), of a photo.

    Raises:
        UsageError: a photo or mask cannot be read.
    """
    features, finer, inside, positions = [], [], [], []
    with torch.inference_mode():
        for item in items:
            rgb, alpha = item.pair()
            last, twice = network.features(prepare(rgb)[None].contiguous(memory_format=torch.channels_last))
            size = (twice.shape[3], twice.shape[2])
            features.append(last[0].half())
            finer.append(twice[0].half())
            inside.append(torch.from_numpy(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > 0.5))
            positions.append(torch.from_numpy(position_basis(alpha, size=size)))
    tags = torch.tensor([[label in (item.tags or ()) for label in head.labels] for item in items])
    return PlaceSamples(torch.stack(features), torch.stack(finer), torch.stack(inside), torch.stack(positions), tags)


def fit_places(samples: PlaceSamples, *, ignored: Sequence[int], seed: int = 0) -> PlacesHead:
    """Fit a head for places.

    Args:
        samples: of training photos.
        ignored: tags that are no products.
        seed: of the order of the photos.
    """
    basis = _Basis(samples)
    tags = samples.tags.shape[1]
    weights = torch.zeros(tags, basis.width + POSITIONS, requires_grad=True)
    bias = torch.zeros(tags, requires_grad=True)
    optimizer = torch.optim.AdamW([weights, bias], _RATE, weight_decay=_DECAY)
    chance = torch.Generator().manual_seed(seed)
    grid = samples.inside[0].numel()
    typical = samples.inside.flatten(1).sum(1).float().mean().clamp(min=1)
    count = len(samples.tags)
    an_epoch = math.ceil(count / _BATCH)
    epochs = math.ceil(_STEPS / an_epoch)
    step, steps = 0, epochs * an_epoch
    share = torch.full((tags,), _START)
    for epoch in range(epochs):
        found, seen = torch.full((tags,), 5 * _START), torch.full((tags,), 5.0)
        for chosen in torch.randperm(count, generator=chance).split(_BATCH):  # type: ignore[no-untyped-call]
            inside, there = samples.inside[chosen].float(), samples.tags[chosen]
            logits = torch.einsum("tc,nchw->nthw", weights, basis.of(samples, chosen)) + bias[:, None, None]
            own = share if epoch >= _WARM * epochs else torch.full((tags,), _START)
            least = own[None] * grid * (inside.sum((1, 2)) / typical)[:, None]
            loss = _loss(logits, inside, there, least=least, ignored=ignored)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            for group in optimizer.param_groups:
                group["lr"] = _RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
            optimizer.step()
            step += 1
            with torch.no_grad():
                among = logits.masked_fill(~there[:, :, None, None], -torch.inf).softmax(1).nan_to_num()
                found += ((among * inside[:, None]).sum((2, 3)) / grid * there).sum(0)
                seen += there.sum(0)
        share = (_OWN * found / seen).clamp(_LEAST, _GREATEST)
    return basis.head(weights.detach(), bias.detach())


def _loss(logits: Tensor, inside: Tensor, there: Tensor, *, least: Tensor, ignored: Sequence[int]) -> Tensor:
    """The mean over the photos of what each of the three demands lacks.

    Args:
        logits: float (n, tags, h, w).
        inside: float (n, h, w), 1 for places of the product.
        there: bool (n, tags).
        least: float (n, tags): places that a tag should have, if it is there.
        ignored: tags that are no products.
    """
    logs = logits.log_softmax(1)
    probabilities = logs.exp() * inside[:, None]
    places = inside.sum((1, 2)).clamp(min=1)
    explained = torch.logsumexp(logs.masked_fill(~there[:, :, None, None], -30.0), 1)
    of_the_photo = -(explained * inside).sum((1, 2)) / places
    best = probabilities.flatten(2).sort(2, descending=True).values.cumsum(2)
    number = least.round().clamp(2, best.shape[2] // 2).long()
    top = best.gather(2, number[:, :, None] - 1)[:, :, 0] / number
    present = there.float()
    has_places = -(top.clamp(min=1e-4).log() * present).sum(1) / present.sum(1).clamp(min=1)
    taken = probabilities.sum((2, 3))[:, list(ignored)] / places[:, None]
    too_much = F.relu(taken - _IGNORED).sum(1)
    return (of_the_photo + has_places + _WEIGHT * too_much).mean()


class _Basis:
    """Features as the classifier sees them: the last ones by their principal components, both scaled alike."""

    def __init__(self, samples: PlaceSamples) -> None:
        some = samples.features[:: max(1, len(samples.features) // 200)].float()
        flat = some.permute(0, 2, 3, 1).flatten(0, 2)
        self.mean, deviation = flat.mean(0), flat.std(0).clamp(min=0.05)
        scaled = (flat - self.mean) / deviation
        _, vectors = torch.linalg.eigh((scaled.T @ scaled / len(scaled)).double())
        components = vectors[:, -_KEPT:].float()
        spread = (scaled @ components).std(0)
        self.matrix = components / (0.5 * spread + 0.5 * spread.mean()) / deviation[:, None]  # (c, kept)
        finer = samples.finer[:: max(1, len(samples.finer) // 200)].float()
        self.finer_mean = finer.mean((0, 2, 3))
        self.finer_deviation = finer.std((0, 2, 3)).clamp(min=0.05)

    @property
    def width(self) -> int:
        return self.matrix.shape[1] + len(self.finer_mean)

    def of(self, samples: PlaceSamples, chosen: Tensor) -> Tensor:
        """Float (n, width + 12, h, w)."""
        last = torch.einsum("nchw,ck->nkhw", samples.features[chosen].float() - self.mean[:, None, None], self.matrix)
        finer = samples.finer[chosen].float()
        last = F.interpolate(last, size=finer.shape[2:], mode="bilinear", align_corners=False)
        scaled = (finer - self.finer_mean[:, None, None]) / self.finer_deviation[:, None, None]
        return torch.cat([last, scaled, samples.positions[chosen]], 1)

    def head(self, weights: Tensor, bias: Tensor) -> PlacesHead:
        """The same classifier, of plain features."""
        kept = self.matrix.shape[1]
        coarse = weights[:, :kept] @ self.matrix.T
        fine = weights[:, kept : self.width] / self.finer_deviation
        head = PlacesHead(coarse=coarse.shape[1], fine=fine.shape[1], tags=len(weights))
        with torch.no_grad():
            head.coarse.weight.copy_(coarse[:, :, None, None])
            head.fine.weight.copy_(fine[:, :, None, None])
            head.fine.bias.copy_(bias - coarse @ self.mean - fine @ self.finer_mean)  # type: ignore[union-attr]
            head.positions.copy_(weights[:, self.width :])
        return head
