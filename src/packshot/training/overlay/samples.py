"""Pictures with and without overlays as the network sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from packshot.runtime.preprocessing import resize
from packshot.training.frame.augmentation import light
from packshot.training.overlay.drawing.generator import OverlayGenerator
from packshot.training.overlay.recipe import STRIDE, OverlayRecipe

__all__ = ["OVERLAID", "UNKNOWN", "OverlaySamples", "Source", "cells_of"]

#: Name of the class that the picture's score is about.
OVERLAID = "overlaid"
#: In a target, of a cell that overlays hardly touch: neither answer is wrong there.
UNKNOWN = -1.0

_TOUCHED, _COVERED = (
    0.005,
    0.06,
)  # share of a cell's pixels: below the first it is free, from the second on it is overlaid


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Where drawn samples come from.

    Attributes:
        photos: files to draw on.
        fonts: to write with.
        settings: of the generator, ``train`` or ``validation``.
        seed: with the place, all a sample depends on.
    """

    photos: Sequence[Path]
    fonts: Sequence[Path]
    settings: str
    seed: tuple[int, ...]

    def generator(self) -> OverlayGenerator:
        """What draws them."""
        words = np.random.SeedSequence(self.seed).generate_state(1)
        return OverlayGenerator(self.photos, self.fonts, seed=int(words[0]), settings=self.settings)


class OverlaySamples(Dataset[tuple[Tensor, Tensor, Tensor]]):
    """Samples: uint8 (3, s, s); float32 (), 1 where there are overlays; and float32 (s / 8, s / 8) of `cells_of`.

    Args:
        source: where they come from.
        recipe: what the network sees.
        drawn: how many.
        augment: change light and colours.
    """

    def __init__(self, source: Source, recipe: OverlayRecipe, *, drawn: int, augment: bool) -> None:
        self.source, self.recipe, self.drawn, self.augment = source, recipe, drawn, augment
        self._draw = source.generator()

    def __len__(self) -> int:
        return self.drawn

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, Tensor]:
        picture = self._draw(index)
        seen = resize(picture.rgb, size=self.recipe.fixed_size)
        if self.augment:
            seen = light(np.random.default_rng([*self.source.seed, index, 1]), seen)
        cells = cells_of(picture.mask, side=self.recipe.size // STRIDE)
        overlaid = torch.tensor(float(picture.mask.any()))
        return torch.from_numpy(seen.transpose(2, 0, 1).copy()), overlaid, torch.from_numpy(cells)


def cells_of(mask: NDArray[np.bool_], *, side: int) -> NDArray[np.float32]:
    """Which cells of a grid over a picture are overlaid.

    Args:
        mask: bool (h, w), the pixels of overlays.
        side: cells of the grid in each direction.

    Returns:
        float32 (side, side): 1 where at least 6 % of a cell are overlaid, 0 below 0.5 %, `UNKNOWN` between.
    """
    share = cv2.resize(mask.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    return np.where(share >= _COVERED, 1, np.where(share < _TOUCHED, 0, UNKNOWN)).astype(np.float32)
