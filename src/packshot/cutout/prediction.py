"""The cut-out stage as a function of pixels, as an evaluation asks it."""

from __future__ import annotations

import numpy as np

from packshot.cutout.segmentation import segmenter
from packshot.errors import NothingToCutOut
from packshot.photo import decode
from packshot.settings import Settings
from packshot.values import Alpha, Rgb

__all__ = ["MaskPredictor"]


class MaskPredictor:
    """Gives masks as users get them; where nothing is found, an empty one.

    Args:
        settings: of the stage.

    Attributes:
        model: name and hash of the model that the last mask came from; before the first, its name alone.

    Raises:
        ModelError: the network cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self._limits, self._segment = settings.limits, segmenter(settings.model, settings)
        self.model = settings.model

    def __call__(self, rgb: Rgb) -> tuple[Alpha, float]:
        """A mask, float32 (h, w), 0..1, and its uncertainty, 0..1, of a photo, uint8 (h, w, 3)."""
        try:
            mask = self._segment(decode(rgb, limits=self._limits))
        except NothingToCutOut:
            return np.zeros(rgb.shape[:2], np.float32), 1.0
        self.model = mask.model
        return mask.alpha, mask.uncertainty
