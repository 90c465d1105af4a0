"""An alpha that is stretched until what is sure is exactly 0 or 1."""

from __future__ import annotations

import numpy as np

from packshot.values import Alpha

__all__ = ["LEVELS", "levels"]

#: What a network's alpha is stretched from.
LEVELS = (0.1, 0.9)


def levels(alpha: Alpha, *, low: float = LEVELS[0], high: float = LEVELS[1]) -> Alpha:
    """Stretch `low`..`high` to 0..1 and clip: sure background is exactly 0, sure product exactly 1.

    Args:
        alpha: float32 (h, w) in 0..1.
        low: becomes 0.
        high: becomes 1.

    Returns:
        float32 (h, w) in 0..1.

    Example:
        >>> levels(np.array([[0.03, 0.5, 0.97]], np.float32)).tolist()
        [[0.0, 0.5, 1.0]]
    """
    stretched = np.asarray(alpha - np.float32(low), np.float32)
    stretched *= np.float32(1.0 / (high - low))
    return np.clip(stretched, 0, 1, out=stretched)
