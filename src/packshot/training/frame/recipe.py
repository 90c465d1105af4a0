"""Recipes of networks that find frames."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from packshot.runtime import View
from packshot.runtime.side_strips import SHEET
from packshot.training.drawn.recipe import DrawnRecipe

__all__ = ["FrameRecipe"]


class FrameRecipe(DrawnRecipe):
    """A network that tells framed pictures from others.

    Frames are drawn around photos while it trains: what an epoch shows is a fresh draw of `samples_per_epoch`. Labelled
    photos are mixed with them where there are any.

    Attributes:
        network: ``side-net`` sees the four sides and says how wide each band is; ``frame-2016`` sees the whole picture,
            small, and says yes or no.
        size: side of the square frame-2016 sees, in pixels.
        widths: channels of its convolutions, each followed by a pooling.
        kernel: side of its convolutions.
        dense: units of its dense layer; 0 leaves it out.
        pooling: ``max``, as published, or ``average``.
        dropout: behind that.
        draw: ``auto`` draws frames around the photos that are not labelled as framed; ``never`` takes labelled photos
            alone.
        share_labelled: how often a training sample is a labelled photo, where there are any and frames are drawn.
        rectangles: how often a scene drawn to learn from shows a rectangular product; ones to evaluate on do in 0.12.
        augmentation: ``flips``, horizontal and vertical; ``packshot``: flips, transposes and light.
    """

    ARCHITECTURE: ClassVar = ("task", "network", "size", "widths", "kernel", "dense", "pooling")

    task: Literal["frame"] = "frame"
    network: Literal["side-net", "frame-2016"] = "side-net"
    size: int = Field(default=128, ge=16)
    widths: tuple[int, ...] = Field(default=(32, 32, 32, 32), min_length=1)
    kernel: int = Field(default=3, ge=1)
    dense: int = Field(default=16, ge=0)
    pooling: Literal["max", "average"] = "max"
    dropout: float = Field(default=0.5, ge=0, lt=1)
    draw: Literal["auto", "never"] = "auto"
    share_labelled: float = Field(default=0.5, ge=0, le=1)
    rectangles: float = Field(default=0.12, ge=0, le=1)
    augmentation: Literal["none", "flips", "packshot"] = "packshot"

    @model_validator(mode="after")
    def _fits_the_network(self) -> FrameRecipe:
        if self.size % 2 ** len(self.widths):
            raise ValueError(f"size: expected a multiple of {2 ** len(self.widths)} (a pooling each), got {self.size}")
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel: expected an odd number, got {self.kernel}")
        return self

    @property
    def view(self) -> View:
        """The side strips, or the whole photo."""
        return View.SIDE_STRIPS if self.network == "side-net" else View.PHOTO

    @property
    def fixed_size(self) -> tuple[int, int]:
        """The sheet of strips, or the square."""
        return SHEET if self.network == "side-net" else (self.size, self.size)

    @property
    def one_size(self) -> bool:
        """It has one size."""
        return True

    @property
    def network_name(self) -> str:
        """The network; of frame-2016 as the paper wrote it, ``128_32-32-32-32_conv3``."""
        if self.network == "side-net":
            return self.network
        variant = ("" if self.pooling == "max" else "_average") + ("" if self.dense else "_no-dense")
        return f"{self.size}_{'-'.join(map(str, self.widths))}_conv{self.kernel}{variant}"
