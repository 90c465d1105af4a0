"""A decoded picture before its colours are converted: its samples, and its alpha apart."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from packshot.values import AnyArray

__all__ = ["Samples", "eight_bit"]


@dataclass(frozen=True, slots=True)
class Samples:
    """Colours as the file stores them, upright or not.

    Attributes:
        picture: of 8 bits as a Pillow image of mode L, RGB, CMYK or LAB; of 16 bits as uint16 (h, w) for grey or (h, w,
            3) for RGB.
        alpha: uint8 (h, w), 255 is opaque; None where every pixel is opaque.
    """

    picture: Image.Image | NDArray[np.uint16]
    alpha: NDArray[np.uint8] | None = None

    @property
    def grey(self) -> bool:
        """Whether there is one sample a pixel."""
        return self.picture.mode == "L" if isinstance(self.picture, Image.Image) else self.picture.ndim == 2

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        if isinstance(self.picture, Image.Image):
            return self.picture.size
        return int(self.picture.shape[1]), int(self.picture.shape[0])

    def transposed(self, turn: Image.Transpose) -> Samples:
        """Turned or mirrored."""
        alpha = None if self.alpha is None else _transposed(self.alpha, turn)
        if isinstance(self.picture, Image.Image):
            return Samples(self.picture.transpose(turn), alpha)
        return Samples(_transposed(self.picture, turn), alpha)

    def reduced(self, parts: int) -> Samples:
        """With sides divided by a whole number; each pixel is the mean of those it stands for."""
        width, height = (-(-side // parts) for side in self.size)
        alpha = None if self.alpha is None else cv2.resize(self.alpha, (width, height), interpolation=cv2.INTER_AREA)
        if isinstance(self.picture, Image.Image):
            return Samples(self.picture.reduce(parts), None if alpha is None else np.asarray(alpha, np.uint8))
        picture = cv2.resize(self.picture, (width, height), interpolation=cv2.INTER_AREA)
        return Samples(np.asarray(picture, np.uint16), None if alpha is None else np.asarray(alpha, np.uint8))

    def in_eight_bits(self) -> Image.Image:
        """The picture, of 16 bits the high byte."""
        return self.picture if isinstance(self.picture, Image.Image) else Image.fromarray(eight_bit(self.picture))

    def rgb_samples(self) -> AnyArray:
        """Grey or RGB as uint8 or uint16 (h, w, 3)."""
        if isinstance(self.picture, Image.Image):
            return np.asarray(self.picture if self.picture.mode == "RGB" else self.picture.convert("RGB"))
        return np.repeat(self.picture[..., None], 3, axis=2) if self.picture.ndim == 2 else self.picture


def _transposed(pixels: AnyArray, turn: Image.Transpose) -> AnyArray:
    across = pixels.swapaxes(0, 1)
    turned = {
        Image.Transpose.FLIP_LEFT_RIGHT: pixels[:, ::-1],
        Image.Transpose.FLIP_TOP_BOTTOM: pixels[::-1],
        Image.Transpose.ROTATE_180: pixels[::-1, ::-1],
        Image.Transpose.TRANSPOSE: across,
        Image.Transpose.TRANSVERSE: across[::-1, ::-1],
        Image.Transpose.ROTATE_90: across[::-1],
        Image.Transpose.ROTATE_270: across[:, ::-1],
    }
    return np.ascontiguousarray(turned[turn])


def eight_bit(samples: AnyArray) -> NDArray[np.uint8]:
    """The high byte of 16-bit samples.

    Args:
        samples: uint8 or uint16 of any shape, full range, any byte order.

    Returns:
        uint8 of the same shape; uint8 input is returned as it is.
    """
    if samples.dtype == np.uint8:
        return samples
    return (samples >> 8).astype(np.uint8)
