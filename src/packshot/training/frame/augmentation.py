"""Changes that leave a frame a frame: flips, a transpose, light. The widths of its sides go with them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.values import Rgb

__all__ = ["flips", "light", "transposed"]

Widths = NDArray[np.float32]


def flips(rng: np.random.Generator, rgb: Rgb, widths: Widths) -> tuple[Rgb, Widths]:
    """Mirror left and right, and top and bottom, each every second time.

    Args:
        rng: decides.
        rgb: uint8 (h, w, 3).
        widths: (4,) of left, top, right, bottom.
    """
    if rng.random() < 0.5:
        rgb, widths = rgb[:, ::-1], widths[[2, 1, 0, 3]]
    if rng.random() < 0.5:
        rgb, widths = rgb[::-1], widths[[0, 3, 2, 1]]
    return rgb, widths


def transposed(rng: np.random.Generator, rgb: Rgb, widths: Widths) -> tuple[Rgb, Widths]:
    """Exchange rows and columns, every second time: left becomes top."""
    if rng.random() < 0.5:
        return rgb, widths
    return rgb.swapaxes(0, 1), widths[[1, 0, 3, 2]]


def light(rng: np.random.Generator, rgb: Rgb) -> Rgb:
    """Another exposure, contrast and white balance, every second time: uint8 (h, w, 3)."""
    if rng.random() < 0.5:
        return rgb
    gamma, gain = np.exp(rng.normal(0, 0.2)), rng.uniform(0.85, 1.1) * np.exp(rng.normal(0, 0.04, 3))
    levels = np.linspace(0, 1, 256)[:, None] ** gamma * gain
    table = np.clip(levels * 255 + 0.5, 0, 255).astype(np.uint8)
    return np.stack([table[rgb[..., channel], channel] for channel in range(3)], axis=2)
