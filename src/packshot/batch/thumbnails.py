"""The small before and after pictures the report embeds."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["thumbnail"]

_SIDE = 320  # pixels: sharp on a phone's card, two to a card on a desktop
_MAX_BYTES = 6_000  # two of them, 3,000 photos: a report of 48 MB, which a browser still opens
_QUALITIES = (72, 58, 44, 30)


def thumbnail(pixels: NDArray[np.uint8]) -> bytes:
    """A WebP of at most 320 px a side and about 6 kB.

    Args:
        pixels: uint8 (h, w, 3) or (h, w, 4) with straight alpha.

    Returns:
        The encoded file. If not even the lowest quality is small enough, the picture is halved.
    """
    picture = Image.fromarray(pixels)
    # Premultiplied while it shrinks, or the colour of invisible pixels bleeds into the edge.
    if picture.mode == "RGBA":
        picture = picture.convert("RGBa")
    picture.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if picture.mode == "RGBa":
        picture = picture.convert("RGBA")
    data = b""
    for shrink in (1, 2):
        small = picture.resize((max(1, picture.width // shrink), max(1, picture.height // shrink)))
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            small.save(buffer, "WEBP", quality=quality, alpha_quality=70, method=4)
            data = buffer.getvalue()
            if len(data) <= _MAX_BYTES:
                return data
    return data
