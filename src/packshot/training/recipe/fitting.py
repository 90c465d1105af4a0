"""How a network is fitted: steps, optimiser, schedule."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from packshot.training.recipe.base import Recipe

__all__ = ["FitRecipe"]


class FitRecipe(Recipe):
    """How a network is fitted: what all tasks but the cutout's share.

    Attributes:
        epochs: 0 only evaluates.
        samples_per_epoch: a fresh draw of so many samples an epoch; 0 takes each picture once.
        weight_decay: with adam and sgd, L2 as Keras means it: weight_decay * sum(w^2) of the kernels is added to the
            loss (the gradient is twice weight_decay * w). With adamw, the decoupled decay.
        schedule: ``plateau`` divides the learning rate by 10 after `plateau_patience` epochs without a lower
            validation loss; ``cosine`` lowers it to zero over the run; ``inverse`` divides it by 1 + `decay` * steps
            done, as the ``decay`` of Keras' optimisers did.
        decay: of the schedule ``inverse``.
        early_stopping: stop after so many epochs without a better validation score; 0 never stops.
        gradient_clip: largest norm of the gradient; 0 does not clip.
    """

    batch: int = Field(default=8, ge=1)
    epochs: int = Field(default=100, ge=0)
    samples_per_epoch: int = Field(default=0, ge=0)
    optimiser: Literal["adam", "adamw", "sgd"] = "adam"
    learning_rate: float = Field(default=1e-4, gt=0)
    amsgrad: bool = False
    momentum: float = Field(default=0.9, ge=0, lt=1)
    nesterov: bool = False
    weight_decay: float = Field(default=0.0, ge=0)
    schedule: Literal["constant", "plateau", "cosine", "inverse"] = "constant"
    plateau_patience: int = Field(default=10, ge=0)
    decay: float = Field(default=0.0, ge=0)
    early_stopping: int = Field(default=0, ge=0)
    gradient_clip: float = Field(default=0.0, ge=0)

    @property
    def drawn_per_epoch(self) -> int:
        """As `samples_per_epoch` says."""
        return self.samples_per_epoch

    @property
    def total_epochs(self) -> int:
        """Epochs at most; early stopping may end the run before."""
        return self.epochs

    @property
    def patience(self) -> int:
        """As `early_stopping` says."""
        return self.early_stopping
