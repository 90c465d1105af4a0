"""Recipes that fit a network to pictures as they are: what segmentation and classification share."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from packshot.training.recipe.fitting import FitRecipe

__all__ = ["PictureRecipe"]


class PictureRecipe(FitRecipe):
    """A network fitted to pictures that are read as they are: what segmentation and classification share.

    Attributes:
        size: side of the square input in pixels; 0 takes each photo in its own size, one at a time.
        max_side: longer photos are reduced to it where `size` is 0.
        max_validation: at most so many validation pictures, spread evenly, steer the training; 0 takes all.
        sources: names of the sets to use; empty for all.
        augmentation: ``flip``; ``paired`` (shear, turn, zoom, shift, flip); ``strong``, the same with turns up to 40
            degrees; ``packshot`` (crops, turns, light, colour, compression).
    """

    size: int = Field(default=256, ge=0)
    max_side: int = Field(default=1024, ge=32)
    max_validation: int = Field(default=0, ge=0)
    sources: tuple[str, ...] = ()
    max_uncertain: float = Field(default=0.06, ge=0, le=1)
    augmentation: Literal["none", "flip", "paired", "strong", "packshot"] = "flip"

    @model_validator(mode="after")
    def _own_sizes_come_alone(self) -> PictureRecipe:
        if self.size == 0 and self.batch != 1:
            raise ValueError(f"batch: expected 1 where size is 0 (photos of different sizes), got {self.batch}")
        if self.size == 0 and self.augmentation == "packshot":
            raise ValueError("augmentation: packshot crops to a square, it needs a size")
        return self

    @property
    def fixed_size(self) -> tuple[int, int] | None:
        """A square, or None where each photo keeps its own size."""
        return (self.size, self.size) if self.size else None

    @property
    def longest_side(self) -> int:
        """As `max_side` says."""
        return self.size or self.max_side

    def input_size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """The square, or the photo's own size, at most `max_side` long."""
        if self.size:
            return self.size, self.size
        scale = min(1.0, self.max_side / max(shape[:2]))
        return max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))
