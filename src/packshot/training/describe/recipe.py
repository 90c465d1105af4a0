"""The recipe of networks that say what is in a photo."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from packshot.runtime.preprocessing import LITE_MEAN, LITE_STD
from packshot.training.recipe import Encoder
from packshot.training.recipe.base import Triple
from packshot.training.recipe.staged import StagedRecipe

__all__ = ["DescribeRecipe"]


class DescribeRecipe(StagedRecipe):
    """Settings of the recipes ``describe``, ``attribute`` and ``embed``: one backbone, several heads.

    Every sample is seen twice, differently changed, so that a step has twice as many pictures as samples. Both views
    teach the heads; that they show the same thing teaches the embedding.

    Attributes:
        taxonomy: the category head's tree: ``packshot``, or a file; empty for no such head.
        attributes: names of the attributes that get a head each; ``label`` is what class folders or the column
            ``label`` say.
        tags: whether tags get a head.
        worn: learn from garments that somebody wears, too: the parts of the public street photos, by their labels of
            every pixel. Where `packshot classify --scene` shall name them.
        not_products: tags and categories that are parts of a picture, but no products.
        embedding: numbers of the embedding; 0 takes the pooled features as they are.
        frozen_stages: the backbone's stem and so many of its seven stages stay as they are, which halves the time of a
            step at 3; 8 keeps the whole backbone, so that only the heads and the embedding learn.
        head_rate: the heads learn so many times as fast as the backbone.
        smoothing: share of the truth that is spread over the siblings.
        shares: how often each set is drawn; a set not named here shares evenly in what is left. ``nothing`` draws
            backgrounds without a product, for the tree.
        weights: of the losses ``category``, ``tags``, ``attributes``, ``embedding``.
        cutouts: a folder of masks by ``packshot cutout --mask``, to see products on white and on other backgrounds.
        recomposed: how often a picture with a mask is laid on another background.
        on_white: how often on white.
        closeness: temperature of the contrastive loss.
        keep_out: products kept out of training altogether, to measure the embedding on what it has never seen: ``2/5``
            is the second of five parts, dealt in the order of names; empty for none.
        compiled: compile the training step; a third faster on a CPU after a minute's start for each size.
        start_from: weights to begin with: ``shipped``, an exported ``.onnx`` or a checkpoint; empty for ImageNet's.
    """

    ARCHITECTURE: ClassVar = ("task", "encoder", "taxonomy", "attributes", "tags", "embedding")

    name: str = "describe"
    task: Literal["describe"] = "describe"
    encoder: Encoder = "efficientnet_lite2"
    taxonomy: str = "packshot"
    attributes: tuple[str, ...] = ()
    tags: bool = False
    worn: bool = False
    not_products: tuple[str, ...] = ("hair", "skin")
    embedding: int = Field(default=128, ge=0, le=1280)
    frozen_stages: int = Field(default=0, ge=0, le=8)
    sizes: list[int] = Field(default=[192, 256], min_length=1)
    epochs: list[int] = Field(default=[5, 4], min_length=1)
    learning_rate: float = Field(default=4e-4, gt=0)
    head_rate: float = Field(default=5.0, gt=0)
    weight_decay: float = Field(default=0.02, ge=0)
    smoothing: float = Field(default=0.1, ge=0, lt=1)
    shares: dict[str, float] = Field(default_factory=dict)
    weights: dict[str, float] = Field(default_factory=dict)
    cutouts: str = ""
    recomposed: float = Field(default=0.2, ge=0, le=1)
    on_white: float = Field(default=0.2, ge=0, le=1)
    closeness: float = Field(default=0.1, gt=0)
    keep_out: str = Field(default="", pattern=r"^([1-9][0-9]*/[1-9][0-9]*)?$")
    compiled: bool = False
    start_from: str = ""
    pretrained: bool = True

    @model_validator(mode="after")
    def _fits(self) -> DescribeRecipe:
        if not (self.taxonomy or self.attributes or self.tags or self.embedding):
            raise ValueError("expected a taxonomy, attributes, tags or an embedding: there is nothing to learn")
        if self.keep_out and int(self.keep_out.split("/")[0]) > int(self.keep_out.split("/")[1]):
            raise ValueError(f"keep_out: expected a part of all, as 2/5, got {self.keep_out}")
        if self.recomposed + self.on_white > 1:
            raise ValueError(
                f"recomposed and on_white: expected at most 1 together, got {self.recomposed + self.on_white}"
            )
        return self

    @property
    def network_name(self) -> str:
        """The encoder's name; the heads follow from the data."""
        return f"describe/{self.encoder}"

    @property
    def normalisation(self) -> tuple[Triple, Triple]:
        """As the backbone's published weights were trained."""
        return LITE_MEAN, LITE_STD

    def weight(self, loss: str) -> float:
        """Of a loss."""
        return self.weights.get(loss, 1.0)

    def shares_for(self, sources: set[str]) -> dict[str, float]:
        """How often each source is drawn, and ``nothing``; what is not named shares in what is left."""
        named = {name: share for name, share in self.shares.items() if name in sources or name == "nothing"}
        others = sorted(sources - set(named))
        rest = max(0.0, 1.0 - sum(named.values()))
        return {**named, **{name: rest / len(others) for name in others}}
