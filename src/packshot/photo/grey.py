"""Opacity in eight bits, as files hold it."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.values import Alpha, Grey

__all__ = ["grey_of"]


def grey_of(alpha: Alpha) -> Grey:
    """Opacity in eight bits, rounded to the nearest level, halves to the even one.

    Args:
        alpha: float32 (h, w) in 0..1.

    Returns:
        uint8 (h, w), 255 where alpha is 1.

    Example:
        >>> grey_of(np.array([[0, 0.25, 1]], np.float32)).tolist()
        [[0, 64, 255]]
    """
    return np.asarray(cv2.convertScaleAbs(alpha, alpha=255), np.uint8)
