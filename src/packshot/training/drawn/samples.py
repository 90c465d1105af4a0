"""Drawn pictures, and how they reach the network."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD, normalise
from packshot.training.drawn.recipe import DrawnRecipe

__all__ = ["DrawnSamples", "DrawnSource", "NormalisedSamples", "Tensors"]

Picture = TypeVar("Picture")
#: A sample: the picture (3, h, w), and what the network's outputs are compared with.
Tensors = tuple[Tensor, ...]


@dataclass(frozen=True, eq=False)
class DrawnSource(ABC, Generic[Picture]):
    """Where pictures come from: photos, and a generator that draws on them.

    Attributes:
        photos: files to draw on; empty draws none.
        settings: of the generator, ``train`` or ``validation``.
        seed: with the place, all a drawn picture depends on.
    """

    photos: Sequence[Path]
    settings: str
    seed: tuple[int, ...]

    @property
    def generator_seed(self) -> int:
        """The seed as one number."""
        return int(np.random.SeedSequence(self.seed).generate_state(1)[0])

    def length(self, drawn: int) -> int:
        """How many pictures there are where so many are drawn."""
        return drawn if self.photos else 0

    @abstractmethod
    def picture(self, index: int, *, drawn: int) -> Picture:
        """The picture at a place, of as many drawn ones.

        Raises:
            UsageError: a photo cannot be read.
        """


class DrawnSamples(Dataset[Tensors], ABC, Generic[Picture]):
    """Pictures as the network sees them, but for their normalisation.

    Args:
        source: where they come from.
        recipe: what the network sees.
        drawn: how many are drawn.
        augment: change them at random.
    """

    def __init__(self, source: DrawnSource[Picture], recipe: DrawnRecipe, *, drawn: int, augment: bool) -> None:
        self.source, self.recipe, self.drawn, self.augment = source, recipe, drawn, augment

    def __len__(self) -> int:
        return self.source.length(self.drawn)

    def __getitem__(self, index: int) -> Tensors:
        picture = self.source.picture(index, drawn=self.drawn)
        return self.sample(picture, np.random.default_rng([*self.source.seed, index, 1]) if self.augment else None)

    @abstractmethod
    def sample(self, picture: Picture, rng: np.random.Generator | None) -> Tensors:
        """The picture, uint8 (3, h, w), and its targets.

        Args:
            picture: drawn, or labelled.
            rng: decides how it is changed; None leaves it as it is.
        """


class NormalisedSamples(Dataset[Tensors]):
    """Samples, normalised as in serving: from a data set of bytes, or of batches that were kept.

    Args:
        samples: of uint8 (3, h, w) and targets.
    """

    def __init__(self, samples: Dataset[Tensors] | list[Tensors]) -> None:
        self.samples = samples

    def __len__(self) -> int:
        return len(self.samples)  # type: ignore[arg-type]  # both have a length

    def __getitem__(self, index: int) -> Tensors:
        seen, *targets = self.samples[index]
        rgb = seen.numpy().transpose(1, 2, 0)
        return torch.from_numpy(normalise(rgb, mean=IMAGENET_MEAN, std=IMAGENET_STD)), *targets
