"""What recipes say of drawn pictures."""

from __future__ import annotations

from abc import abstractmethod

from pydantic import Field

from packshot.training.recipe.fitting import FitRecipe

__all__ = ["DrawnRecipe"]


class DrawnRecipe(FitRecipe):
    """A network that learns from pictures drawn while it trains, and says yes or no with a calibrated score.

    Attributes:
        samples_per_epoch: a fresh draw of so many, each epoch.
        start_from: weights to begin with: ``shipped``, an exported ``.onnx`` or a checkpoint; empty for fresh ones.
        validation_samples: drawn once, from the validation photos and the generator's validation settings; as many
            again from the holdout's photos for the report.
        calibration_samples: drawn once, in the training settings, from training photos that are kept for this; they fit
            the temperature of the score.
    """

    samples_per_epoch: int = Field(default=4096, ge=2)
    start_from: str = ""
    validation_samples: int = Field(default=1000, ge=2)
    calibration_samples: int = Field(default=500, ge=2)

    @property
    @abstractmethod
    def fixed_size(self) -> tuple[int, int]:
        """(width, height) of the network's input in pixels."""

    def input_size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """The same for every photo."""
        return self.fixed_size
