"""The recipe of the network that ships."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from packshot.training.recipe.staged import StagedRecipe

__all__ = ["CutoutRecipe", "Encoder"]

#: From small and quick to large.
Encoder = Literal["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"]


class CutoutRecipe(StagedRecipe):
    """Settings of the ``cutout`` recipe.

    The picture's side grows during training (`sizes`, `epochs`): small pictures teach what a product is,
    large ones where its edge runs, and most of the time is spent where a step is cheap.

    Attributes:
        share_ccp: how often a sample is drawn from a set; ``composite`` names what is composed on the fly.
        max_uncertain: machine-made masks with a larger share of half-transparent pixels are left out.
        pseudo_masks: folder with ``ccp/`` and ``clothing/``, masks by an earlier network, and ``ccp.jsonl`` and
            ``clothing.jsonl``, what `packshot cutout --mask --json` printed; empty for none.
        max_uncertainty: of those, masks of a larger uncertainty are left out.
        min_agreement: training photos whose label and earlier mask have a lower IoU are left out as badly labelled.
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
    share_ccp: float = Field(default=0.28, ge=0)
    share_people: float = Field(default=0.10, ge=0)
    share_clothing: float = Field(default=0.22, ge=0)
    share_pseudo: float = Field(default=0.0, ge=0)
    share_composite: float = Field(default=0.40, ge=0)
    max_uncertain: float = Field(default=0.06, ge=0, le=1)
    pseudo_masks: str = ""
    max_uncertainty: float = Field(default=0.05, ge=0, le=1)
    min_agreement: float = Field(default=0.88, ge=0, le=1)
    start_from: str = ""
    pretrained: bool = True

    @property
    def network_name(self) -> str:
        """The encoder's name; the decoder is always the same."""
        return f"cutout/{self.encoder}"

    def shares_for(self, sources: set[str]) -> dict[str, float]:
        """How often each of the data's own sources is drawn, and ``composite``.

        A source the recipe does not name (a shop's own folder) shares evenly in what the named ones leave.
        """
        named = {"ccp": self.share_ccp, "people": self.share_people, "clothing": self.share_clothing}
        named["pseudo"] = self.share_pseudo
        drawn = {name: share for name, share in named.items() if name in sources}
        others = sorted(sources - {*named, "studio"})
        rest = max(0.0, 1.0 - self.share_composite - sum(drawn.values()))
        return {**drawn, **{name: rest / len(others) for name in others}, "composite": self.share_composite}
