"""The recipe of the network that ships."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from packshot.runtime import InputSpec
from packshot.training.cutout.shapes import shapes_for
from packshot.training.recipe import Encoder, StagedRecipe

__all__ = ["CutoutRecipe"]


class CutoutRecipe(StagedRecipe):
    """Settings of the ``cutout`` recipe.

    The picture's side grows during training (`sizes`, `epochs`): small pictures teach what a product is,
    large ones where its edge runs, and most of the time is spent where a step is cheap.

    Attributes:
        share_ccp: how often a sample is drawn from a set; ``composite`` names what is composed on the fly.
        taught: tables of photos under teachers' masks, as recipes/cutout/teach.py writes them.
        outlined: tables of photos whose product a person outlined, as recipes/cutout/outlined writes them.
        agreement: a photo takes part from this agreement of its teachers on, 0..1.
        undecided: a photo takes part up to this share of undecided pixels, of the product's area.
        objects: folder that the photos of those tables may be relative to, beside each table's own and `--data`; empty
            for none.
        renders: table of renders with exact opacity, as recipes/cutout/renders writes it; empty for none.
        decay_epochs: the last so many epochs, over which the rate falls to nothing; before them it is constant, so that
            a run can go on from weights alone.
        compiled: compile the network's training step; a third faster on a CPU after a minute's start.
        start_from: weights to begin with: ``shipped``, an exported ``.onnx`` or a checkpoint; empty for ImageNet's.
    """

    ARCHITECTURE: ClassVar = ("task", "encoder")

    name: str = "cutout"
    task: Literal["cutout"] = "cutout"
    encoder: Encoder = "efficientnet_lite0"
    sizes: list[int] = Field(default=[192, 256, 352], min_length=1)
    epochs: list[int] = Field(default=[4, 4, 3], min_length=1)
    learning_rate: float = Field(default=1e-3, gt=0)
    encoder_rate: float = Field(default=0.4, ge=0, le=1)
    weight_decay: float = Field(default=1e-4, ge=0)
    share_ccp: float = Field(default=0.16, ge=0)
    share_objects: float = Field(default=0.30, ge=0)
    share_clothing: float = Field(default=0.12, ge=0)
    share_composite: float = Field(default=0.40, ge=0)
    share_outlined: float = Field(default=0.2, ge=0)
    taught: list[str] = Field(default=[])
    outlined: list[str] = Field(default=[])
    agreement: float = Field(default=0.92, ge=0, le=1)
    undecided: float = Field(default=0.2, ge=0)
    objects: str = ""
    renders: str = ""
    decay_epochs: int = Field(default=3, ge=0)
    compiled: bool = False
    start_from: str = ""
    pretrained: bool = True

    def input_size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """The square, or the rectangle of its area that squashes the photo least."""
        sizes = [(w, h) for h, w in shapes_for(self.sizes[-1])]
        return InputSpec(size=sizes[0], shapes=tuple(sizes[1:])).size_for(shape)

    @property
    def network_name(self) -> str:
        """The encoder's name; the decoder is always the same."""
        return f"cutout/{self.encoder}"

    def shares_for(self, sources: set[str]) -> dict[str, float]:
        """How often each of the data's own sources is drawn, and ``composite``.

        A source the recipe does not name (a shop's own folder) shares evenly in what the named ones leave.
        """
        named = {
            "ccp": self.share_ccp,
            "clothing": self.share_clothing,
            "objects": self.share_objects,
            "outlined": self.share_outlined,
        }
        drawn = {name: share for name, share in named.items() if name in sources}
        others = sorted(sources - {*named, "studio", "renders", "people"})
        rest = max(0.0, 1.0 - self.share_composite - sum(drawn.values()))
        return {**drawn, **{name: rest / len(others) for name in others}, "composite": self.share_composite}
