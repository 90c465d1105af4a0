"""Pictures with classes as tensors, read from disk one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from packshot.datasets import Item
from packshot.runtime.preprocessing import normalise
from packshot.training.classification.recipe import ClassificationRecipe
from packshot.training.data.pictures import sampled
from packshot.values import Rgb

__all__ = ["ClassifiedPictures"]


class ClassifiedPictures(Dataset[tuple[Tensor, int]]):
    """Picture (3, h, w), normalised as in serving, and class number.

    Args:
        items: with labels.
        recipe: size, augmentation, seed.
        labels: the classes, in the order of their numbers.
        multiple: height and width of the input divide by it.
        epoch: of the run; None leaves the pictures as they are.
    """

    def __init__(
        self,
        items: Sequence[Item],
        recipe: ClassificationRecipe,
        *,
        labels: Sequence[str],
        multiple: int,
        epoch: int | None = None,
    ) -> None:
        self.items, self.recipe, self.multiple, self.epoch = list(items), recipe, multiple, epoch
        self.numbers = {label: number for number, label in enumerate(labels)}

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        mean, std = self.recipe.normalisation
        rgb = normalise(self.pixels(index), mean=mean, std=std)
        return torch.from_numpy(rgb), self.numbers[self.items[index].label or ""]

    def pixels(self, index: int) -> Rgb:
        """The sample before it becomes a tensor: uint8 (h, w, 3)."""
        rgb = self.items[index].rgb()
        whole = np.ones(rgb.shape[:2], np.float32)
        return sampled(rgb, whole, self.recipe, multiple=self.multiple, epoch=self.epoch, index=index)[0]
