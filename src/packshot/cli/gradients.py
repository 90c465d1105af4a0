"""What the extra ``train`` adds to explanations, if it is installed: gradients, and networks that forgot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packshot.explaining import Maps, Questions

__all__ = ["gradient_maker", "weight_shuffler"]


def gradient_maker(questions: Questions) -> Callable[[str, str | None], Maps] | None:
    """Makes gradient maps of the describing network by a method's name and a layer; None without the extra."""
    try:
        from packshot.training.explanation import GradientMaps, torch_threads
    except ImportError:
        return None
    return lambda name, layer: GradientMaps(
        questions.describer.network, questions.path, name, layer=layer, threads=torch_threads(questions.settings)
    )


def weight_shuffler() -> Callable[[Path, Path], object] | None:
    """From a network's file writes one with shuffled weights; None without the extra."""
    try:
        from packshot.training.explanation import write_randomised
    except ImportError:
        return None
    return write_randomised
