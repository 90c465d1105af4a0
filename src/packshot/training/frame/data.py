"""Frames, drawn around photos and labelled, to learn from."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.datasets import Item
from packshot.training.drawn.data import DrawnData
from packshot.training.frame.recipe import FrameRecipe
from packshot.training.frame.samples import FRAMED, FramePicture, FrameSamples, FrameSource

__all__ = ["FrameData"]


class FrameData(DrawnData[FramePicture]):
    """Loaders of a frame recipe; items labelled framed or unframed are learnt from, others are drawn around."""

    recipe: FrameRecipe
    sampling = FrameSamples

    def source(
        self, items: Sequence[Item], settings: str, seed: tuple[int, ...], *, learnt: bool = False
    ) -> FrameSource:
        """Frames around the items' photos, and the labelled ones."""
        recipe = self.recipe
        photos = [item.photo for item in items if item.label != FRAMED] if recipe.draw == "auto" else []
        labelled = [item for item in items if item.label]
        if not learnt:
            return FrameSource(photos, settings, seed, labelled)
        return FrameSource(photos, settings, seed, labelled, recipe.share_labelled, recipe.rectangles)
