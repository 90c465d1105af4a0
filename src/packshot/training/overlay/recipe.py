"""Recipes of the network that finds overlays."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from packshot.training.drawn.recipe import DrawnRecipe

__all__ = ["STRIDE", "OverlayRecipe"]

#: Pixels of the input that one cell of the network's map covers, on each side.
STRIDE = 8
_MULTIPLE = 32


class OverlayRecipe(DrawnRecipe):
    """A network that tells where text, logos, badges and watermarks were laid over a photo.

    Overlays are drawn over photos while it trains: what an epoch shows is a fresh draw of `samples_per_epoch`.

    Attributes:
        size: side of the square the network sees, in pixels.
        fonts: folder of fonts to write with; empty for DejaVu, which comes with matplotlib.
        warmup_steps: steps over which the rate rises to `learning_rate`.
        decay_epochs: the last so many epochs, over which the rate falls to nothing; before them it is constant, so that
            a run can go on from weights alone.
        ema_decay: share of the old average of the weights that each update, every fourth step, keeps.
    """

    ARCHITECTURE: ClassVar = ("task", "size")

    task: Literal["overlay"] = "overlay"
    size: int = Field(default=256, ge=64)
    fonts: str = ""
    optimiser: Literal["adam", "adamw", "sgd"] = "adamw"
    warmup_steps: int = Field(default=100, ge=0)
    decay_epochs: int = Field(default=2, ge=0)
    ema_decay: float = Field(default=0.99, ge=0, lt=1)
    validation_samples: int = Field(default=400, ge=2)
    calibration_samples: int = Field(default=200, ge=2)

    @model_validator(mode="after")
    def _fits_the_network(self) -> OverlayRecipe:
        if self.size % _MULTIPLE:
            raise ValueError(f"size: expected a multiple of {_MULTIPLE}, got {self.size}")
        return self

    @property
    def fixed_size(self) -> tuple[int, int]:
        """The square."""
        return self.size, self.size

    @property
    def network_name(self) -> str:
        """There is one network."""
        return "overlay-net"
