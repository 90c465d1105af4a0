"""Pictures with and without overlays as the network sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from packshot.runtime.preprocessing import resize
from packshot.training.drawn.light import light
from packshot.training.drawn.samples import DrawnSamples, DrawnSource, Tensors
from packshot.training.overlay.drawing.generator import OverlayGenerator
from packshot.training.overlay.drawing.sample import OverlaySample
from packshot.training.overlay.recipe import STRIDE, OverlayRecipe

__all__ = ["OVERLAID", "UNKNOWN", "OverlaySamples", "OverlaySource", "cells_of"]

#: Name of the class that the picture's score is about.
OVERLAID = "overlaid"
#: In a target, of a cell that overlays hardly touch: neither answer is wrong there.
UNKNOWN = -1.0

# Share of a cell's pixels: below the first it is free, from the second on it is overlaid.
_TOUCHED, _COVERED = 0.005, 0.06


@dataclass(frozen=True, eq=False)
class OverlaySource(DrawnSource[OverlaySample]):
    """Overlays drawn over photos.

    Attributes:
        fonts: to write with.
    """

    fonts: Sequence[Path] = ()

    def picture(self, index: int, *, drawn: int) -> OverlaySample:
        """The picture at a place; those of a pair one after the other, for they share a scene.

        Raises:
            UsageError: a photo cannot be read.
        """
        return self._draw(index)

    @cached_property
    def _draw(self) -> OverlayGenerator:
        return OverlayGenerator(self.photos, self.fonts, seed=self.generator_seed, settings=self.settings)


class OverlaySamples(DrawnSamples[OverlaySample]):
    """Samples: uint8 (3, s, s); float32 (), 1 where there are overlays; and float32 (s / 8, s / 8) of `cells_of`."""

    recipe: OverlayRecipe

    def sample(self, picture: OverlaySample, rng: np.random.Generator | None) -> Tensors:
        """One of them, in another light."""
        seen = resize(picture.rgb, size=self.recipe.fixed_size)
        if rng is not None:
            seen = light(rng, seen)
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
