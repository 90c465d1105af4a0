"""A heatmap laid over a photo."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Rgb

__all__ = ["heated"]


def heated(rgb: Rgb, heat: NDArray[np.float32]) -> Rgb:
    """The photo, darkened where it is cold and coloured where it is hot.

    Args:
        rgb: uint8 (h, w, 3).
        heat: float32 (rows, columns) of any scale; what is below 0 counts as cold.

    Returns:
        uint8 (h, w, 3).
    """
    height, width = rgb.shape[:2]
    large = cv2.resize(np.maximum(heat, 0), (width, height), interpolation=cv2.INTER_LINEAR)
    share = large / max(float(large.max()), 1e-9)
    colours = cv2.applyColorMap(np.asarray(share * 255, np.uint8), cv2.COLORMAP_INFERNO)[..., ::-1]
    weight = (0.25 + 0.45 * share)[..., None]
    return np.asarray(rgb * (1 - weight) + colours * weight, np.uint8)
