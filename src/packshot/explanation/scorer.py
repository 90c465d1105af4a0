"""What every explanation asks: a number for a picture. And the pictures it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.resizing import downscaled
from packshot.values import Rgb

__all__ = ["Heat", "Scorer", "blurred", "small"]

#: float32 (h, w), of any range and size.
Heat = NDArray[np.float32]

#: From a picture, uint8 (h, w, 3) of any size, to what is explained: a probability in 0..1.
Scorer = Callable[[Rgb], float]

#: Longer side, in pixels, of the pictures that are asked for: networks look at 224 to 416.
WORKING = 320
_BLUR = 0.08  # deviation, of the longer side: nothing is recognised any more


def small(rgb: Rgb) -> Rgb:
    """A photo at the size in which its parts are hidden: the longer side at most 320 pixels."""
    return downscaled(rgb, WORKING)


def blurred(rgb: Rgb) -> Rgb:
    """A photo in which nothing is recognised, of its own colours: what hidden parts are replaced by."""
    deviation = _BLUR * max(rgb.shape[:2])
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), deviation), np.uint8)
