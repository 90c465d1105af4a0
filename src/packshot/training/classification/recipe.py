"""Recipes of networks that tell classes apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from packshot.runtime.preprocessing import LITE_MEAN, LITE_STD
from packshot.training.recipe import PictureRecipe
from packshot.training.recipe.base import Triple

__all__ = ["ClassificationRecipe"]

#: Width and size of each classifier, where a recipe does not say.
_OWN: dict[str, dict[str, int]] = {
    "tiny": {"width": 16, "size": 96},
    "cnn3": {"width": 32, "size": 240},
    "alexnet-frozen": {"width": 64, "size": 227},
    "vgg16-finetune": {"width": 64, "size": 224},
    "vgg16-cam": {"width": 64, "size": 224},
    "efficientnet-lite0": {"width": 32, "size": 224},
}
_POOLED = ("tiny", "vgg16-cam", "efficientnet-lite0")
_FROM_IMAGENET = ("alexnet-frozen", "vgg16-cam", "vgg16-finetune", "efficientnet-lite0")


class ClassificationRecipe(PictureRecipe):
    """A network that tells classes apart.

    Attributes:
        attribute: the column that the classes are read from, and the name of the question when the network is served:
            ``label``; ``category``, the same labels as categories; or another column of the table.
        width: channels of the first convolution, by default the published ones; the others grow with it.
        towers: of AlexNet: 2 in the original, 1 in torchvision's.
        dropout: of cnn3 and vgg16-finetune.
        frozen: of efficientnet-lite0: only its last layer learns. Features that do not change are computed once for
            each picture and its mirror image, where the augmentation is ``flip`` or ``none``.
        weights: what the published networks begin with: ``imagenet``, ``none`` (from scratch) or a file.
        class_weights: ``balanced`` weighs each class by the inverse of its frequency.
        validation_tenths: deal so many tenths of the training and validation pictures to validation, group by group;
            0 leaves them as the data has them. The holdout stays.
        heatmap_photos: so many validation photos get a picture of where the network sees their class, epoch by epoch;
            for networks that end in a mean over the picture: tiny, vgg16-cam, efficientnet-lite0.
        heatmap_names: the same for validation photos of these file names, with or without their ending; further ones
            are taken up to `heatmap_photos`.
    """

    ARCHITECTURE: ClassVar = ("task", "network", "width", "towers")

    task: Literal["classification"] = "classification"
    network: Literal["tiny", "cnn3", "alexnet-frozen", "vgg16-finetune", "vgg16-cam", "efficientnet-lite0"] = "tiny"
    attribute: str = Field(default="label", min_length=1)
    size: int = Field(default=96, ge=16)
    width: int = Field(default=16, ge=1)
    towers: Literal[1, 2] = 1
    dropout: float = Field(default=0.5, ge=0, lt=1)
    frozen: bool = False
    weights: str = Field(default="none", min_length=1)
    class_weights: Literal["none", "balanced"] = "none"
    validation_tenths: int = Field(default=0, ge=0, le=9)
    heatmap_photos: int = Field(default=0, ge=0)
    heatmap_names: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _as_published(cls, values: Mapping[str, object]) -> Mapping[str, object]:
        own = dict(_OWN.get(str(values.get("network")), {}))
        if own and values.get("network") == "alexnet-frozen" and values.get("towers") == 2:
            own["width"] = 96
        return {**own, **values}

    @model_validator(mode="after")
    def _fits_the_network(self) -> ClassificationRecipe:
        least, multiple = {"cnn3": (22, 1), "alexnet-frozen": (67, 1), "tiny": (16, 1)}.get(
            self.network, (32, 16 if self.network == "vgg16-cam" else 32)
        )
        if self.size < least or self.size % multiple:
            of = f" and a multiple of {multiple}" if multiple > 1 else ""
            raise ValueError(f"size: {self.network} expects at least {least}{of}, got {self.size}")
        if self.towers == 2 and (self.network != "alexnet-frozen" or self.width % 6):
            raise ValueError("towers: 2 are AlexNet's alone, with a width that is a multiple of 6")
        if self.weights != "none" and self.network not in _FROM_IMAGENET:
            raise ValueError(f"weights: {self.network} has no published weights, expected none, got {self.weights}")
        if self.frozen and self.network != "efficientnet-lite0":
            raise ValueError(f"frozen: efficientnet-lite0 alone can be, got {self.network} (alexnet-frozen always is)")
        if (self.heatmap_photos or self.heatmap_names) and (self.network not in _POOLED or self.size % 16):
            raise ValueError(f"heatmap_photos: expected {' or '.join(_POOLED)}, with a size that is a multiple of 16")
        return self

    @property
    def network_name(self) -> str:
        """The network, AlexNet's towers, and whether features are frozen."""
        if self.frozen:
            return f"{self.network}/frozen"
        return f"{self.network}/{self.towers}" if self.network == "alexnet-frozen" else self.network

    @property
    def keeps_features(self) -> bool:
        """Whether features never change, so that they are computed once."""
        return (self.frozen or self.network == "alexnet-frozen") and self.augmentation in {"none", "flip"}

    @property
    def normalisation(self) -> tuple[Triple, Triple]:
        """As the network's published weights were trained."""
        return (LITE_MEAN, LITE_STD) if self.network == "efficientnet-lite0" else super().normalisation

    @property
    def start(self) -> str:
        """ImageNet, a file's name, or scratch."""
        return {"none": "scratch", "imagenet": "ImageNet"}.get(self.weights, Path(self.weights).name)

    @property
    def one_size(self) -> bool:
        """Networks with a dense layer over all places have one size."""
        return self.network not in _POOLED
