"""Another background behind a product, blended with its own: how packaging artwork and retouched photos come."""

from __future__ import annotations

import numpy as np

from packshot.values import Alpha, Rgb

__all__ = ["blend_background"]

_STRENGTH = (0.3, 1.0)  # of the new background; the photo's own shows through by the rest
_GRAIN = 4.0  # levels; standard deviation of the paper's grain


def blend_background(rng: np.random.Generator, rgb: Rgb, alpha: Alpha) -> Rgb:
    """Lay a gradient of two colours behind the product, over what was there; the product stays as it is.

    Args:
        rng: decides colours, direction and strength.
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w) in 0..1, the product.

    Returns:
        uint8 (h, w, 3).
    """
    height, width = alpha.shape
    start, end = rng.uniform(0, 255, (2, 3))
    angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(*_STRENGTH)
    y, x = np.mgrid[:height, :width] / max(height, width, 2)
    along = x * np.cos(angle) + y * np.sin(angle)
    along = (along - along.min()) / max(1e-6, float(np.ptp(along)))
    background = start + along[..., None] * (end - start) + rng.normal(0, _GRAIN, (height, width, 1))
    cover = strength * (1 - alpha[..., None])
    return np.asarray((rgb * (1 - cover) + background * cover).round().clip(0, 255), np.uint8)
