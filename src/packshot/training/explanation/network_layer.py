"""One layer of one network: what its units give for a photo, and pictures that excite them."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.runtime import Network
from packshot.training.explanation.filters import filter_pictures
from packshot.training.explanation.layers import Maps, layer_outputs
from packshot.training.explanation.torch_copy import TorchCopy
from packshot.values import Rgb

__all__ = ["NetworkLayer"]


@dataclass(frozen=True, slots=True)
class NetworkLayer:
    """A layer of a network.

    Attributes:
        network: prepares photos.
        copy: of the network.
        name: of the layer, as `TorchCopy.layer` gives it.
    """

    network: Network
    copy: TorchCopy
    name: str

    def outputs(self, rgb: Rgb) -> Maps:
        """What every unit gives for a photo: float32 (units, h', w'); see `layer_outputs`."""
        return layer_outputs(self.network, self.copy, rgb, self.name)

    def pictures(self, unit: int, *, seeds: int) -> list[Rgb]:
        """Pictures that excite a unit as much as can be; see `filter_pictures`."""
        return filter_pictures(self.copy, self.network.card, self.name, unit, seeds=seeds)
