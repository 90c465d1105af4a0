"""One layer of a network looked at in several ways; the pictures of ``packshot layers``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

from packshot.runtime import load, resolve
from packshot.settings import Settings
from packshot.training.explanation.comparison import compared_picture, same_layer
from packshot.training.explanation.dream import dream
from packshot.training.explanation.filter_folder import FilterFolder
from packshot.training.explanation.layers import Maps, layer_outputs, layer_picture
from packshot.training.explanation.torch_copy import TorchCopy, torch_threads
from packshot.values import Rgb

__all__ = ["LayerViews"]


class LayerViews:
    """Pictures of what a layer sees.

    Args:
        model: name or file of any network.
        layer: its name, a number (0 is next to the photo, -1 the last), or a published name.
        settings: where networks are, and how they run; `torch_threads` says on how many threads.
        before: name or file of the same network before fine-tuning; None for none.

    Attributes:
        name: of the layer.

    Raises:
        ModelError: a network cannot be used.
        UsageError: no such layer, or the networks have different ones.
    """

    def __init__(self, model: str, layer: str, settings: Settings, *, before: str | None = None) -> None:
        torch.set_num_threads(torch_threads(settings))
        self._network, self._copy = load(model, settings), TorchCopy(resolve(model, settings).path)
        self._layer = layer
        self.name = self._copy.layer(layer)
        self._before: Callable[[Rgb], Maps] | None = None
        if before is not None:
            network, copy = load(before, settings), TorchCopy(resolve(before, settings).path)
            its_layer = same_layer(self._copy, copy, layer)
            self._before = lambda rgb: layer_outputs(network, copy, rgb, its_layer)

    def outputs(self, rgb: Rgb) -> Rgb:
        """Every channel for a photo, as a grid; with the network before fine-tuning, the 24 pairs that changed most.

        Args:
            rgb: uint8 (h, w, 3).

        Returns:
            uint8 (h', w', 3).
        """
        now = layer_outputs(self._network, self._copy, rgb, self._layer)
        if self._before is None:
            return layer_picture(now, shape=rgb.shape)
        return compared_picture(self._before(rgb), now, shape=rgb.shape)[0]

    def dream(self, rgb: Rgb, *, guide: Rgb | None = None, octaves: int = 3, steps: int = 10) -> Rgb:
        """The photo in which the layer finds more of what it looks for; see `dream`."""
        card = self._network.card
        return dream(self._copy, card, rgb, self._layer, guide=guide, octaves=octaves, steps=steps)

    def filters(self, out: Path, write: Callable[[Path, Rgb], None]) -> FilterFolder:
        """Pictures made to excite units, beside photos that do, in a folder below `out`; see `FilterFolder`."""
        return FilterFolder(self._network, self._copy, self._layer, out=out, write=write)
