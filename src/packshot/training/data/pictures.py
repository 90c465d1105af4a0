"""Labelled pictures as tensors, read from disk one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from packshot.datasets import Item
from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD, normalise, resize
from packshot.training.data.augment import augment, to_tensors
from packshot.training.data.augmentation import flip, paired, strong
from packshot.training.recipe import PictureRecipe
from packshot.values import Alpha, Rgb

Pixels = TypeVar("Pixels", Rgb, Alpha)

__all__ = ["ClassifiedPictures", "MaskedPictures", "pad", "spread"]


class MaskedPictures(Dataset[tuple[Tensor, Tensor]]):
    """Picture (3, h, w), normalised as in serving, and mask (1, h, w).

    A sample depends on the recipe's seed, the epoch and its place alone, so that a resumed run sees what an
    uninterrupted one would have seen.

    Args:
        items: with masks.
        recipe: size, augmentation, seed.
        multiple: height and width of the input divide by it.
        epoch: of the run; None leaves the pictures as they are.
    """

    def __init__(
        self, items: Sequence[Item], recipe: PictureRecipe, *, multiple: int, epoch: int | None = None
    ) -> None:
        self.items, self.recipe, self.multiple, self.epoch = list(items), recipe, multiple, epoch

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return to_tensors(*self.pixels(index))

    def pixels(self, index: int) -> tuple[Rgb, Alpha]:
        """The sample before it becomes tensors: uint8 (h, w, 3) and float32 (h, w)."""
        rgb, alpha = self.items[index].pair()
        return _sample(rgb, alpha, self.recipe, multiple=self.multiple, epoch=self.epoch, index=index)


class ClassifiedPictures(Dataset[tuple[Tensor, int]]):
    """Picture (3, h, w), normalised as in serving, and class number; otherwise as `MaskedPictures`.

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
        recipe: PictureRecipe,
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
        rgb = normalise(self.pixels(index), mean=IMAGENET_MEAN, std=IMAGENET_STD)
        return torch.from_numpy(rgb), self.numbers[self.items[index].label or ""]

    def pixels(self, index: int) -> Rgb:
        """The sample before it becomes a tensor: uint8 (h, w, 3)."""
        rgb = self.items[index].rgb()
        whole = np.ones(rgb.shape[:2], np.float32)
        return _sample(rgb, whole, self.recipe, multiple=self.multiple, epoch=self.epoch, index=index)[0]


_CHANGES: dict[str, Callable[..., tuple[Rgb, Alpha]]] = {"flip": flip, "paired": paired, "strong": strong}


def pad(pixels: Pixels, multiple: int) -> Pixels:
    """Reflect at the right and at the bottom, up to the next multiple of both sides."""
    height, width = pixels.shape[:2]
    bottom, right = -height % multiple, -width % multiple
    return cast(Pixels, cv2.copyMakeBorder(pixels, 0, bottom, 0, right, cv2.BORDER_REFLECT))


def spread(items: Sequence[Item], most: int) -> list[Item]:
    """At most so many of the items, evenly spread over their order; 0 takes all."""
    if not most or len(items) <= most:
        return list(items)
    return [items[int(place)] for place in np.linspace(0, len(items) - 1, most)]


def _sample(
    rgb: Rgb, alpha: Alpha, recipe: PictureRecipe, *, multiple: int, epoch: int | None, index: int
) -> tuple[Rgb, Alpha]:
    if epoch is not None and recipe.augmentation == "packshot":
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(np.random.default_rng((recipe.seed, epoch, index)).integers(2**31)))
            return augment(rgb, alpha, size=recipe.size)
    size = recipe.input_size(rgb.shape)
    rgb, alpha = resize(rgb, size=size), resize(alpha, size=size)
    if epoch is not None and recipe.augmentation != "none":
        rgb, alpha = _CHANGES[recipe.augmentation](np.random.default_rng((recipe.seed, epoch, index)), rgb, alpha)
    return pad(rgb, multiple), pad(alpha, multiple)
