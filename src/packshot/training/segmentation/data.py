"""Pictures with masks as tensors, read from disk one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor
from torch.utils.data import Dataset

from packshot.datasets import Item
from packshot.training.data.augment import to_tensors
from packshot.training.data.blended_background import blend_background
from packshot.training.data.pictures import sampled
from packshot.training.segmentation.recipe import SegmentationRecipe
from packshot.values import Alpha, Rgb

__all__ = ["MaskedPictures"]

_BACKGROUND = 1  # word of the seed; that of the augmentation has none


class MaskedPictures(Dataset[tuple[Tensor, Tensor]]):
    """Picture (3, h, w), normalised as in serving, and mask (1, h, w).

    Args:
        items: with masks.
        recipe: size, augmentation, seed.
        multiple: height and width of the input divide by it.
        epoch: of the run; None leaves the pictures as they are.
    """

    def __init__(
        self, items: Sequence[Item], recipe: SegmentationRecipe, *, multiple: int, epoch: int | None = None
    ) -> None:
        self.items, self.recipe, self.multiple, self.epoch = list(items), recipe, multiple, epoch

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return to_tensors(*self.pixels(index))

    def pixels(self, index: int) -> tuple[Rgb, Alpha]:
        """The sample before it becomes tensors: uint8 (h, w, 3) and float32 (h, w)."""
        rgb, alpha = self.items[index].pair()
        rgb, alpha = sampled(rgb, alpha, self.recipe, multiple=self.multiple, epoch=self.epoch, index=index)
        if self.epoch is not None and self.recipe.blended_ground:
            rng = np.random.default_rng((self.recipe.seed, self.epoch, index, _BACKGROUND))
            if rng.random() < self.recipe.blended_ground:
                rgb = blend_background(rng, rgb, alpha)
        return rgb, alpha
