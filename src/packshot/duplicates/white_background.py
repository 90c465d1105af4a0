"""The white background a studio picture stands on, seen without a network."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Rgb

__all__ = ["white_background"]

_WHITE = 247  # of 255, every channel: what people call white, and a poor JPEG still keeps
_RIM = 0.7  # of the picture's rim that must be background
_LEAST = 0.1  # of the picture


def white_background(rgb: Rgb) -> NDArray[np.bool_]:
    """The white that is joined to the picture's rim, where it makes a background; nothing where it does not.

    Args:
        rgb: uint8 (h, w, 3).

    Returns:
        bool (h, w).
    """
    white = (cv2.erode(rgb, np.ones((3, 3), np.uint8)).min(axis=2) >= _WHITE).astype(np.uint8)
    white = cv2.dilate(white, np.ones((3, 3), np.uint8)) & (rgb.min(axis=2) >= _WHITE - 10).astype(np.uint8)
    padded = cv2.copyMakeBorder(white, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, labels = cv2.connectedComponents(padded, connectivity=4)
    background = np.asarray(labels[1:-1, 1:-1] == labels[0, 0])
    rim = np.concatenate([background[0], background[-1], background[:, 0], background[:, -1]])
    return background if rim.mean() >= _RIM and background.mean() >= _LEAST else np.zeros_like(background)
