"""One layer of a network looked at in several ways; the pictures of ``packshot layers``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from packshot.runtime import load, resolve
from packshot.settings import Settings
from packshot.training.explanation.comparison import compared_picture, moments_of, same_layer
from packshot.training.explanation.dream import dream
from packshot.training.explanation.filter_folder import FilterFolder
from packshot.training.explanation.layers import layer_picture
from packshot.training.explanation.network_layer import NetworkLayer
from packshot.training.explanation.torch_copy import TorchCopy, torch_threads
from packshot.values import Rgb

__all__ = ["LayerViews"]

_PLAIN = 64  # pixels: a picture of one colour that both networks are shown


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
        copy = TorchCopy(resolve(model, settings).path)
        self.name = copy.layer(layer)
        self._layer, self._before = NetworkLayer(load(model, settings), copy, self.name), None
        if before is not None:
            other = TorchCopy(resolve(before, settings).path)
            self._before = NetworkLayer(load(before, settings), other, same_layer(copy, other, layer))
            plain = np.full((_PLAIN, _PLAIN, 3), 127, np.uint8)
            moments_of(self._before.outputs(plain), self._layer.outputs(plain))  # before the first photo is opened

    def outputs(self, rgb: Rgb) -> Rgb:
        """Every channel for a photo, as a grid; with the network before fine-tuning, the 24 pairs that changed most.

        Args:
            rgb: uint8 (h, w, 3).

        Returns:
            uint8 (h', w', 3).
        """
        now = self._layer.outputs(rgb)
        if self._before is None:
            return layer_picture(now, shape=rgb.shape)
        return compared_picture(self._before.outputs(rgb), now, shape=rgb.shape)[0]

    def dream(self, rgb: Rgb, *, guide: Rgb | None = None, octaves: int = 3, steps: int = 10) -> Rgb:
        """The photo in which the layer finds more of what it looks for; see `dream`."""
        copy, card = self._layer.copy, self._layer.network.card
        return dream(copy, card, rgb, self.name, guide=guide, octaves=octaves, steps=steps)

    def filters(self, out: Path, write: Callable[[Path, Rgb], None]) -> FilterFolder:
        """Pictures made to excite units, beside photos that do, in a folder below `out`; see `FilterFolder`."""
        return FilterFolder(self._layer, out=out, write=write, before=self._before)
