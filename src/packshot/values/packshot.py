"""A finished picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from packshot.values.arrays import Alpha, Rgb, Rgba, check_array
from packshot.values.box import Box

__all__ = ["Packshot"]


@dataclass(frozen=True, slots=True, eq=False)
class Packshot:
    """A finished picture.

    Attributes:
        pixels: uint8 (h, w, 3), or (h, w, 4) with straight alpha when the background is transparent.
        subject: box of the product on the canvas (alpha >= 0.5), without its shadow.
        data: the encoded file.
        format: of `data`, as Pillow spells it: ``JPEG``, ``PNG``, ``WEBP``, ``AVIF``.
        quality: the encoder quality that was used, None for lossless.
        upscale: how much the product was enlarged; above 1 the picture is softer than the photo.
        enlarged: whether that is more than the composition asks for at most, for the sake of a least size.
        alpha: float32 (h, w) in 0..1, the product's coverage of the canvas, without its shadow; None if not kept.
        cut_off: edges of the photo that cut the product off: ``left``, ``top``, ``right``, ``bottom``.
        advice: what could not be done as asked, and what a person should fix, in words.
    """

    pixels: Rgb | Rgba
    subject: Box
    data: bytes
    format: str
    quality: int | None = None
    upscale: float = 1.0
    enlarged: bool = False
    alpha: Alpha | None = None
    cut_off: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_array("Packshot.pixels", self.pixels, dtype=np.uint8, channels=4 if self.pixels.shape[-1] == 4 else 3)

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])
