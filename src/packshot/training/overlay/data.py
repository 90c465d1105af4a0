"""Overlays, drawn over photos, to learn from."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.datasets import Item
from packshot.training.drawn.data import DrawnData
from packshot.training.overlay.drawing.lettering import font_files
from packshot.training.overlay.drawing.sample import OverlaySample
from packshot.training.overlay.recipe import OverlayRecipe
from packshot.training.overlay.samples import OverlaySamples, OverlaySource

__all__ = ["OverlayData"]


class OverlayData(DrawnData[OverlaySample]):
    """Loaders of an overlay recipe.

    Args:
        items: of all splits; photos without overlays.
        recipe: size, fonts, seed.

    Raises:
        UsageError: too few photos, or no fonts.
    """

    recipe: OverlayRecipe
    sampling = OverlaySamples

    def __init__(self, items: Sequence[Item], recipe: OverlayRecipe) -> None:
        super().__init__(items, recipe)
        self.fonts = font_files(recipe.fonts)

    def source(
        self, items: Sequence[Item], settings: str, seed: tuple[int, ...], *, learnt: bool = False
    ) -> OverlaySource:
        """Overlays over the items' photos."""
        return OverlaySource([item.photo for item in items], settings, seed, self.fonts)
