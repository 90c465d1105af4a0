"""Recipes that fit a network to pictures as they are: segmentation and classification."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from packshot.training.recipe.fitting import FitRecipe

__all__ = ["ClassificationRecipe", "PictureRecipe", "SegmentationRecipe"]


class PictureRecipe(FitRecipe):
    """A network fitted to pictures that are read as they are: what segmentation and classification share.

    Attributes:
        size: side of the square input in pixels; 0 takes each photo in its own size, one at a time.
        max_side: longer photos are reduced to it where `size` is 0.
        max_validation: at most so many validation pictures, spread evenly, steer the training; 0 takes all.
        sources: names of the sets to use; empty for all.
        augmentation: ``flip``; ``paired`` (shear, turn, zoom, shift, flip); ``packshot`` (crops, turns, light,
            colour, compression).
    """

    size: int = Field(default=256, ge=0)
    max_side: int = Field(default=1024, ge=32)
    max_validation: int = Field(default=0, ge=0)
    sources: tuple[str, ...] = ()
    max_uncertain: float = Field(default=0.06, ge=0, le=1)
    augmentation: Literal["none", "flip", "paired", "packshot"] = "flip"

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

    def input_size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """The square, or the photo's own size, at most `max_side` long."""
        if self.size:
            return self.size, self.size
        scale = min(1.0, self.max_side / max(shape[:2]))
        return max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))


class SegmentationRecipe(PictureRecipe):
    """A network that separates product and background.

    Attributes:
        head: of the U-Net; see `packshot.training.networks.unet`.
        width: channels of the U-Net's first level.
        layers: of the tiramisu's dense blocks.
        bottleneck: layers of its lowest block.
        loss: ``cross-entropy``, or ``edge``: edge-weighted cross-entropy plus soft IoU.
        weights: of Mask R-CNN: ``coco``, ``none`` or a file.
        classes: of COCO that count as foreground, for Mask R-CNN.
        min_score: of a detection, for Mask R-CNN.
    """

    ARCHITECTURE: ClassVar = ("task", "network", "head", "width", "layers", "bottleneck")

    task: Literal["segmentation"] = "segmentation"
    network: Literal["tiramisu", "unet", "maskrcnn"]
    head: Literal["published", "fixed"] = "fixed"
    width: int = Field(default=64, ge=1)
    layers: tuple[int, ...] = Field(default=(4, 5, 7, 10, 12), min_length=1)
    bottleneck: int = Field(default=15, ge=1)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    loss: Literal["cross-entropy", "edge"] = "cross-entropy"
    weights: str = "coco"
    classes: Literal["person", "product", "all"] = "all"
    min_score: float = Field(default=0.5, ge=0, le=1)

    @model_validator(mode="after")
    def _fits_the_network(self) -> SegmentationRecipe:
        multiple = {"tiramisu": 2 ** len(self.layers), "unet": 16, "maskrcnn": 1}[self.network]
        if self.size % multiple:
            raise ValueError(f"size: {self.network} expects a multiple of {multiple}, got {self.size}")
        if self.network == "maskrcnn" and self.epochs:
            raise ValueError("epochs: maskrcnn is a baseline, scored as it comes and not trained; expected 0")
        return self

    @property
    def network_name(self) -> str:
        """The network, and the U-Net's head."""
        return f"unet/{self.head}" if self.network == "unet" else self.network


class ClassificationRecipe(PictureRecipe):
    """A network that tells classes apart.

    Attributes:
        width: channels of the first convolution.
        class_weights: ``balanced`` weighs each class by the inverse of its frequency.
    """

    ARCHITECTURE: ClassVar = ("task", "network", "width")

    task: Literal["classification"] = "classification"
    network: Literal["tiny"] = "tiny"
    size: int = Field(default=96, ge=16)
    width: int = Field(default=16, ge=1)
    class_weights: Literal["none", "balanced"] = "none"

    @property
    def network_name(self) -> str:
        """The network."""
        return self.network
