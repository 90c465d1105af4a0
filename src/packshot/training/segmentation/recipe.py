"""Recipes of networks that separate product and background."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from packshot.training.recipe import PictureRecipe

__all__ = ["SegmentationRecipe"]


class SegmentationRecipe(PictureRecipe):
    """A network that separates product and background.

    Attributes:
        head: of the U-Net; see `packshot.training.networks.unet`.
        width: channels of the U-Net's first level.
        layers: of the tiramisu's dense blocks.
        bottleneck: layers of its lowest block.
        blended_ground: how often a training picture gets another background, blended with its own, 0..1: packaging
            artwork and retouched photos come so.
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
    blended_ground: float = Field(default=0.0, ge=0, le=1)
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

    @property
    def start(self) -> str:
        """Of Mask R-CNN, its weights."""
        if self.network != "maskrcnn" or self.weights == "none":
            return "scratch"
        return "COCO" if self.weights == "coco" else Path(self.weights).name
