"""Recipes whose pictures grow while they train."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from packshot.training.recipe.base import Recipe

__all__ = ["Encoder", "StagedRecipe"]

#: From small and quick to large.
Encoder = Literal["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"]


class StagedRecipe(Recipe):
    """A network trained on squares that grow from stage to stage: small pictures teach cheaply what large ones refine.

    Attributes:
        sizes: sides of the square training pictures in pixels, one a stage; multiples of 32.
        epochs: of each stage.
        samples_per_epoch: samples drawn an epoch.
        batch: samples in a step.
        warmup_steps: of the learning rate, linear.
        ema_decay: of the average of the weights, which is what is scored and kept.
    """

    FREE: ClassVar = frozenset({"name", "workers", "epochs", "sizes", "precision", "compiled", "decay_epochs"})

    sizes: list[int] = Field(min_length=1)
    epochs: list[int] = Field(min_length=1)
    samples_per_epoch: int = Field(default=4096, ge=1)
    batch: int = Field(default=16, ge=2)
    warmup_steps: int = Field(default=100, ge=1)
    ema_decay: float = Field(default=0.99, ge=0, lt=1)

    @model_validator(mode="before")
    @classmethod
    def _numbers_for_lists(cls, values: Mapping[str, object]) -> Mapping[str, object]:
        """A single size is one stage; a single number of epochs is dealt over the stages as their own epochs are."""
        sizes, epochs = (values.get(name, cls.model_fields[name].default) for name in ("sizes", "epochs"))
        if _is_number(sizes):
            sizes = [sizes]
            epochs = [sum(epochs)] if isinstance(epochs, list) and all(map(_is_number, epochs)) else epochs
        if isinstance(epochs, int) and _is_number(epochs) and isinstance(sizes, list):
            own = cls.model_fields["epochs"].default
            weights = own if isinstance(own, list) and len(own) == len(sizes) and sum(own) else [1] * len(sizes)
            epochs = _dealt(epochs, weights)
        return {**values, "sizes": sizes, "epochs": epochs} if {"sizes", "epochs"} & set(values) else values

    @model_validator(mode="after")
    def _stages_match(self) -> Self:
        if len(self.sizes) != len(self.epochs):
            raise ValueError(f"sizes and epochs: expected equally many, got {self.sizes} and {self.epochs}")
        if any(size % 32 for size in self.sizes):
            raise ValueError(f"sizes: expected multiples of 32, got {self.sizes}")
        return self

    def size_at(self, epoch: int) -> int:
        """Side of the training pictures in an epoch (counted from 0), in pixels."""
        for size, epochs in zip(self.sizes, self.epochs, strict=True):
            if epoch < epochs:
                return size
            epoch -= epochs
        return self.sizes[-1]

    @property
    def drawn_per_epoch(self) -> int:
        """As `samples_per_epoch` says."""
        return self.samples_per_epoch

    @property
    def total_epochs(self) -> int:
        """Epochs of all stages."""
        return sum(self.epochs)

    @property
    def total_steps(self) -> int:
        """Optimiser steps of all stages, at least one."""
        return max(1, self.total_epochs * (self.samples_per_epoch // self.batch))

    @property
    def fixed_size(self) -> tuple[int, int]:
        """The last size, at which the network is used."""
        return self.sizes[-1], self.sizes[-1]

    def input_size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """The same for every photo."""
        return self.fixed_size


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _dealt(total: int, weights: list[int]) -> list[int]:
    """A total over the stages in proportion; what is left over goes to the last, at whose size the network is used."""
    parts = [total * weight // sum(weights) for weight in weights]
    return [*parts[:-1], total - sum(parts[:-1])]
