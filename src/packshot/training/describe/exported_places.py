"""The head for places of a describing network, fitted on the pictures whose tags and masks are known."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import torch
from torch import Tensor

from packshot.datasets import Described, Item
from packshot.heads import HeadKind
from packshot.runtime.preprocessing import LITE_MEAN, LITE_STD, prepare
from packshot.training.describe.module import DescribeModule
from packshot.training.describe.places import MOST_PHOTOS, fit_places, place_samples
from packshot.training.networks.places_head import PlacedNet
from packshot.values import Rgb

__all__ = ["with_places"]

_log = logging.getLogger(__name__)

_FEWEST = 50  # photos: of fewer, nothing is learnt that a class-activation map does not know


def with_places(module: DescribeModule, learnt: Sequence[Item], *, side: int) -> DescribeModule | PlacedNet:
    """Give a network a head for the places of its tags.

    Args:
        module: with its best weights.
        learnt: training pictures; those with tags and masks are used.
        side: of the input it will be served with, in pixels.

    Returns:
        The module itself if it has no tags, or fewer than 50 pictures have tags and a mask.
    """
    head = next((head for head in module.heads if head.kind is HeadKind.TAGS), None)
    masked = [item for item in learnt if isinstance(item, Described) and item.tags and item.kind is not None]
    if head is None or len(masked) < _FEWEST:
        return module
    chosen = masked[:: -(-len(masked) // MOST_PHOTOS)]
    _log.info("learning where tags are on %d photos", len(chosen))
    network = module.network.eval()
    samples = place_samples(network, chosen, head, prepare=lambda rgb: _input(rgb, side))
    places = fit_places(samples, ignored=[head.labels.index(name) for name in head.ignored])
    return PlacedNet(network, places).eval()


def _input(rgb: Rgb, side: int) -> Tensor:
    return torch.from_numpy(prepare(rgb, size=(side, side), mean=LITE_MEAN, std=LITE_STD))
