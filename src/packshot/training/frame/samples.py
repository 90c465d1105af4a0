"""Framed and unframed pictures to learn from: drawn around photos on the fly, and labelled ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from packshot.datasets import Item
from packshot.runtime import View
from packshot.runtime.preprocessing import resize
from packshot.runtime.side_strips import strip_sheet
from packshot.training.drawn.light import light
from packshot.training.drawn.samples import DrawnSamples, DrawnSource, Tensors
from packshot.training.frame.augmentation import flips, transposed
from packshot.training.frame.drawing.generator import FrameGenerator
from packshot.training.frame.recipe import FrameRecipe
from packshot.values import Box, Rgb

__all__ = ["FRAMED", "UNFRAMED", "FramePicture", "FrameSamples", "FrameSource", "target_of"]

#: The labels of a picture, in manifests and as folders.
FRAMED, UNFRAMED = "framed", "unframed"


@dataclass(frozen=True, slots=True, eq=False)
class FramePicture:
    """A picture and what is known of its frame.

    Attributes:
        rgb: uint8 (h, w, 3).
        framed: whether there is a frame.
        widths: float32 (4,), the band's width at left, top, right and bottom, as fractions of the picture's width or
            height, measured at the middle of each side; nan where nobody measured it.
        box: the picture inside the frame, inside rounded corners too; None where nobody measured it.
        kind: what tables group by: the kind of frame or of scene, or the set it comes from.
    """

    rgb: Rgb
    framed: bool
    widths: NDArray[np.float32]
    box: Box | None
    kind: str


@dataclass(frozen=True, eq=False)
class FrameSource(DrawnSource[FramePicture]):
    """Frames drawn around photos, and pictures somebody labelled.

    Attributes:
        labelled: pictures somebody labelled.
        share_labelled: how often a sample is a labelled one, where both are there; None takes each of those once,
            behind the drawn ones.
        rectangles: share of rectangular products among the drawn scenes.
    """

    labelled: Sequence[Item] = ()
    share_labelled: float | None = None
    rectangles: float = 0.12

    def length(self, drawn: int) -> int:
        """How many samples there are where so many are drawn."""
        if self.share_labelled is None:
            return super().length(drawn) + len(self.labelled)
        return drawn

    def picture(self, index: int, *, drawn: int) -> FramePicture:
        """The sample at a place, of as many drawn ones.

        Raises:
            UsageError: a photo cannot be read.
        """
        item = self._labelled(index, drawn)
        if item is not None:
            return _labelled_picture(item)
        sample = self._draw(index)
        height, width = sample.rgb.shape[:2]
        widths = np.array(astuple(sample.sides), np.float32) / (width, height, width, height)
        return FramePicture(sample.rgb, sample.framed, widths.astype(np.float32), sample.inner_box, str(sample.kind))

    @cached_property
    def _draw(self) -> FrameGenerator:
        return FrameGenerator(self.photos, seed=self.generator_seed, settings=self.settings, rectangles=self.rectangles)

    def _labelled(self, index: int, drawn: int) -> Item | None:
        if self.share_labelled is None:
            place = index - (drawn if self.photos else 0)
            return self.labelled[place] if place >= 0 else None
        if not self.labelled:
            return None
        rng = np.random.default_rng([*self.seed, index])
        if self.photos and rng.random() >= self.share_labelled:
            return None
        return self.labelled[int(rng.integers(len(self.labelled)))]


class FrameSamples(DrawnSamples[FramePicture]):
    """Samples as a network sees them: uint8 (3, h, w), and float32 (5,): framed, and the widths of the bands."""

    recipe: FrameRecipe

    def sample(self, picture: FramePicture, rng: np.random.Generator | None) -> Tensors:
        """One of them, changed by the recipe's augmentation."""
        rgb, widths = picture.rgb, picture.widths
        augmentation = self.recipe.augmentation
        if rng is not None and augmentation != "none":
            rgb, widths = flips(rng, rgb, widths)
        if rng is not None and augmentation == "packshot":
            rgb, widths = transposed(rng, rgb, widths)
        rgb = np.ascontiguousarray(rgb)
        seen = strip_sheet(rgb) if self.recipe.view is View.SIDE_STRIPS else resize(rgb, size=self.recipe.fixed_size)
        if rng is not None and augmentation == "packshot":
            seen = light(rng, seen)
        return torch.from_numpy(seen.transpose(2, 0, 1).copy()), target_of(framed=picture.framed, widths=widths)


def target_of(*, framed: bool, widths: NDArray[np.float32]) -> Tensor:
    """What a sample is compared with: float32 (5,)."""
    return torch.from_numpy(np.concatenate([[framed], widths]).astype(np.float32))


def _labelled_picture(item: Item) -> FramePicture:
    rgb = item.rgb()
    height, width = rgb.shape[:2]
    framed = item.label == FRAMED
    box = item.box_of(rgb) if framed else Box(0, 0, width, height)
    widths = np.full(4, np.nan, np.float32)
    if box is not None:
        edges = (box.x0 / width, box.y0 / height, 1 - box.x1 / width, 1 - box.y1 / height)
        widths = np.array(edges, np.float32)
    return FramePicture(rgb, framed, widths, box, f"labelled {item.label}")
