"""Where gradients come from, if the extra ``train`` is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packshot.explaining import Maps, Questions

__all__ = ["gradient_maker"]


def gradient_maker(questions: Questions) -> Callable[[str, str | None], Maps] | None:
    """Makes gradient maps of the describing network by a method's name and a layer; None without the extra."""
    try:
        from packshot.training.explanation import GradientMaps, torch_threads
    except ImportError:
        return None
    return lambda name, layer: GradientMaps(
        questions.describer.network, questions.path, name, layer=layer, threads=torch_threads(questions.settings)
    )
