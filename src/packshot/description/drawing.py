"""Heatmaps and boxes drawn on a photo, for a person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from packshot.values import Product, Rgb

__all__ = ["draw_heatmap", "draw_products"]


def draw_heatmap(rgb: Rgb, heat: NDArray[np.float32]) -> Rgb:
    """Lay a heatmap over its photo: hot is yellow, warm is red, cold is the photo in grey.

    Args:
        rgb: uint8 (h, w, 3).
        heat: float32 (h', w') in 0..1, of any size; stretched to the photo.

    Returns:
        uint8 (h, w, 3).
    """
    raise NotImplementedError


def draw_products(rgb: Rgb, products: Sequence[Product]) -> Rgb:
    """Draw boxes with names and scores, legible on any ground.

    Args:
        rgb: uint8 (h, w, 3).
        products: in the photo's pixels.

    Returns:
        uint8 (h, w, 3).
    """
    raise NotImplementedError
