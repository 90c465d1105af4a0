"""A labelled picture as a network sees it, changed at random or as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

import cv2
import numpy as np
import torch

from packshot.datasets import Item
from packshot.runtime.preprocessing import resize
from packshot.training.data.augment import augment
from packshot.training.data.augmentation import flip, paired, strong
from packshot.training.recipe import PictureRecipe
from packshot.values import Alpha, Rgb

Pixels = TypeVar("Pixels", Rgb, Alpha)

__all__ = ["pad", "sampled", "spread"]


_Change = Callable[[np.random.Generator, Rgb, Alpha], tuple[Rgb, Alpha]]
_CHANGES: dict[str, _Change] = {"flip": flip, "paired": paired, "strong": strong}


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


def sampled(
    rgb: Rgb, alpha: Alpha, recipe: PictureRecipe, *, multiple: int, epoch: int | None, index: int
) -> tuple[Rgb, Alpha]:
    """A photo and its mask at the network's size.

    A sample depends on the recipe's seed, the epoch and its place alone, so that a resumed run sees what an
    uninterrupted one would have seen.

    Args:
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w) in 0..1.
        recipe: size, augmentation, seed.
        multiple: height and width of the input divide by it.
        epoch: of the run; None leaves the picture as it is.
        index: its place in the epoch.

    Returns:
        uint8 (h', w', 3) and float32 (h', w').
    """
    if epoch is not None and recipe.augmentation == "packshot":
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(np.random.default_rng((recipe.seed, epoch, index)).integers(2**31)))
            return augment(rgb, alpha, size=recipe.size)
    size = recipe.input_size(rgb.shape)
    rgb, alpha = resize(rgb, size=size), resize(alpha, size=size)
    if epoch is not None and recipe.augmentation != "none":
        rgb, alpha = _CHANGES[recipe.augmentation](np.random.default_rng((recipe.seed, epoch, index)), rgb, alpha)
    return pad(rgb, multiple), pad(alpha, multiple)
