"""Explanations that need torch: gradients, and networks that know nothing to check maps against."""

from packshot.training.explanation.gradients import GradientMaps
from packshot.training.explanation.randomised import write_randomised
from packshot.training.explanation.torch_copy import TorchCopy

__all__ = ["GradientMaps", "TorchCopy", "write_randomised"]
