"""The light of a photo, changed at random."""

from __future__ import annotations

import numpy as np

from packshot.values import Rgb

__all__ = ["light"]


def light(rng: np.random.Generator, rgb: Rgb) -> Rgb:
    """Another exposure, contrast and white balance, every second time: uint8 (h, w, 3)."""
    if rng.random() < 0.5:
        return rgb
    gamma, gain = np.exp(rng.normal(0, 0.2)), rng.uniform(0.85, 1.1) * np.exp(rng.normal(0, 0.04, 3))
    levels = np.linspace(0, 1, 256)[:, None] ** gamma * gain
    table = np.clip(levels * 255 + 0.5, 0, 255).astype(np.uint8)
    return np.stack([table[rgb[..., channel], channel] for channel in range(3)], axis=2)
