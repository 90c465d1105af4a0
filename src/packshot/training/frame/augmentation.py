"""Changes that leave a frame a frame: flips and a transpose. The widths of its sides go with them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.values import Rgb

__all__ = ["flips", "transposed"]

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
