"""What a network says of each pixel: product, and, where it was taught so, people, garments and its own errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.errors import ModelMismatch
from packshot.runtime import Network
from packshot.runtime.preprocessing import resize
from packshot.runtime.task import SEGMENTATION, fits_a_mask
from packshot.values import Alpha, Rgb

__all__ = ["Maps", "find_maps"]

_FURTHER = ("person", "garment", "skin", "error")


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """Probabilities, each float32 (h', w') in 0..1 at the network's own size.

    Attributes:
        alpha: product or subject.
        person: people with what they wear; None from a network that does not say.
        garment: what is worn, or lies there as a garment.
        skin: skin and hair.
        error: the chance that `alpha` is on the wrong side of one half.
        seen: uint8 (h'', w'', 3), the photo as the network saw it; None where nobody kept it.
    """

    alpha: Alpha
    person: Alpha | None = None
    garment: Alpha | None = None
    skin: Alpha | None = None
    error: Alpha | None = None
    seen: Rgb | None = None

    def photo(self, rgb: Rgb) -> Rgb:
        """The photo at the maps' size, uint8 (h', w', 3): as it was seen, or made smaller now."""
        if self.seen is not None and self.seen.shape[:2] == self.alpha.shape:
            return self.seen
        return resize(rgb, size=(self.alpha.shape[1], self.alpha.shape[0]))


def find_maps(rgb: Rgb, network: Network) -> Maps:
    """Ask a network about a photo, once for all maps.

    Args:
        rgb: uint8 (h, w, 3).
        network: whose card's output is the product; further outputs count by their names.

    Raises:
        ModelMismatch: the network is no segmentation network.
    """
    if network.card.task != SEGMENTATION:
        raise ModelMismatch(
            f"{network.id} is a network for {network.card.task}, expected one for {SEGMENTATION}",
            remedy="load another one: `packshot models` lists them",
        )
    seen = network.resized(rgb)
    batch = network.prepare(seen)
    further = [name for name in _FURTHER if name in network.output_names]
    alpha, values = network.run_with(batch, further) if further else (network.run(batch), {})
    return Maps(_map(network, alpha), **{name: _map(network, value) for name, value in values.items()}, seen=seen)


def _map(network: Network, output: NDArray[np.float32]) -> Alpha:
    if not fits_a_mask(output.shape) or len(output) != 1 or not np.isfinite(output).all():
        raise ModelMismatch(
            f"{network.id}: expected finite probabilities (1, 1, h, w), got shape {output.shape}",
            remedy="use a segmentation network, or correct output in its card",
        )
    return np.asarray(np.clip(output.reshape(output.shape[-2:]), 0, 1), np.float32)
