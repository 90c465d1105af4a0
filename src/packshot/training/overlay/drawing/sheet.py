"""What is drawn upon: colours with their opacity, and which pixels they cover."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.training.drawing.textures import Colour
from packshot.values import Alpha, Rgb

__all__ = ["Sheet"]

_COVERED = 0.12  # of an ink's own opacity: from here on a pixel belongs to it


class Sheet:
    """A transparent sheet over a picture, on which inks are laid one after the other.

    Args:
        size: (width, height) in pixels.

    Attributes:
        mask: bool (h, w), pixels that some ink covers.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.width, self.height = size
        self._colour = np.zeros((self.height, self.width, 3), np.float32)  # premultiplied
        self._alpha = np.zeros((self.height, self.width), np.float32)
        self.mask: NDArray[np.bool_] = np.zeros((self.height, self.width), bool)

    def lay(self, ink: Alpha, tone: Colour, x: int, y: int, *, opacity: float = 1.0) -> None:
        """Lay an ink of one colour down, over what lies there.

        Args:
            ink: float32 (h, w), 0..1.
            tone: float32 (3,) in 0..255.
            x: of its left column in the picture; what hangs over the edge is cut off.
            y: of its top row.
            opacity: of the whole, 0..1.
        """
        x0, y0 = max(0, x), max(0, y)
        x1, y1 = min(self.width, x + ink.shape[1]), min(self.height, y + ink.shape[0])
        if x0 >= x1 or y0 >= y1:
            return
        part = ink[y0 - y : y1 - y, x0 - x : x1 - x]
        alpha, here = part * opacity, (slice(y0, y1), slice(x0, x1))
        self._colour[here] = self._colour[here] * (1 - alpha)[..., None] + alpha[..., None] * tone
        self._alpha[here] = self._alpha[here] * (1 - alpha) + alpha
        self.mask[here] |= part > _COVERED

    def over(self, rgb: Rgb) -> Rgb:
        """The picture with the sheet over it: uint8 (h, w, 3)."""
        mixed = rgb * (1 - self._alpha)[..., None] + self._colour
        return np.clip(mixed + 0.5, 0, 255).astype(np.uint8)


def filled(points: NDArray[np.float64], size: tuple[int, int]) -> Alpha:
    """A filled polygon: float32 (h, w), 0..1, of a size (width, height)."""
    canvas = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillPoly(canvas, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    return np.asarray(canvas, np.float32) / np.float32(255)
