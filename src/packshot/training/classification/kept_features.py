"""Features of a network that does not learn, computed once for each picture and its mirror image."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from packshot.training.classification.data import ClassifiedPictures

__all__ = ["FrozenNetwork", "KeptFeatures", "Shelf"]

_MOST_BYTES = 2**30  # what is kept; features beyond it are computed each time


class FrozenNetwork(Protocol):
    """A network of which only the last layer, ``head``, learns."""

    is_frozen: bool
    head: nn.Linear

    def frozen_features(self, image: Tensor) -> Tensor:
        """All that the last layer sees of pictures: float (n, d)."""


class Shelf:
    """What is kept of all epochs; at most 1 GiB.

    Args:
        network: its features must be frozen.
    """

    def __init__(self, network: FrozenNetwork) -> None:
        self.network = network
        self._kept: dict[tuple[Path, bool], Tensor] = {}
        self._bytes = 0

    def features(self, pictures: ClassifiedPictures, index: int) -> Tensor:
        """Of a picture as an epoch shows it: float (d,)."""
        key = (pictures.items[index].photo, _mirrored(pictures, index))
        found = self._kept.get(key)
        if found is None:
            image = pictures[index][0]
            with torch.no_grad():
                device = self.network.head.weight.device
                found = self.network.frozen_features(image[None].to(device))[0].cpu()
            if self._bytes + found.nbytes <= _MOST_BYTES:
                self._kept[key] = found
                self._bytes += found.nbytes
        return found


class KeptFeatures(Dataset[tuple[Tensor, int]]):
    """Features (d,) and class number, in place of the pictures.

    Args:
        pictures: of an epoch, changed by flips alone or not at all.
        shelf: shared by all epochs.
    """

    def __init__(self, pictures: ClassifiedPictures, shelf: Shelf) -> None:
        self.pictures, self.shelf = pictures, shelf

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        label = self.pictures.items[index].label or ""
        return self.shelf.features(self.pictures, index), self.pictures.numbers[label]


def _mirrored(pictures: ClassifiedPictures, index: int) -> bool:
    """What `packshot.training.data.augmentation.flip` will decide for a sample of `sampled`."""
    recipe, epoch = pictures.recipe, pictures.epoch
    if epoch is None or recipe.augmentation != "flip":
        return False
    return bool(np.random.default_rng((recipe.seed, epoch, index)).random() >= 0.5)
