"""A network that describes photos: one forward pass gives categories, attributes, tags, heatmaps and the embedding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.settings import Settings
from packshot.values import Description, Mask, Rgb

__all__ = ["Describer"]


class Describer:
    """Asks one network of task ``description``; may be called from several threads at once.

    Args:
        model: a name of `packshot.runtime.available`, or the path of an ``.onnx`` file.
        settings: precision, provider, threads, store and licence policy; default: from the environment.

    Attributes:
        network: the network.
        heads: of its card, with thresholds for the precision asked for.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
        ModelMismatch: it is a network for something else, or its outputs do not fit the heads of its card.
        UsageError: the card has thresholds, but none for the precision asked for.
    """

    def __init__(self, model: str, settings: Settings | None = None) -> None:
        raise NotImplementedError

    def __call__(self, rgb: Rgb, mask: Mask | None = None) -> Description:
        """Describe one photo.

        Args:
            rgb: uint8 (h, w, 3).
            mask: where the product is, the size of the photo; cleans heatmaps and boxes.

        Raises:
            ModelMismatch: the network's answer is no answer.
            ValueError: the mask has another size than the photo.
        """
        raise NotImplementedError

    def embed(self, rgb: Rgb) -> NDArray[np.float32]:
        """The embedding alone: float32 (d,) of length 1."""
        raise NotImplementedError
