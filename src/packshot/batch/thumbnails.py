"""The small before and after pictures the report embeds."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["thumbnail"]

_MAX_BYTES = 7_000  # a pair in base64 is at most 19 kB, typically half: 3,000 photos are a page of 30 MB
_STEPS = ((256, 60), (256, 40), (192, 40))  # longer side in pixels and quality, until it is small enough


def thumbnail(pixels: NDArray[np.uint8]) -> bytes:
    """A WebP of at most 256 px a side and about 7 kB.

    Args:
        pixels: uint8 (h, w, 3) or (h, w, 4) with straight alpha.

    Returns:
        The encoded file.
    """
    picture = Image.fromarray(pixels)
    # Premultiplied while it shrinks, or the colour of invisible pixels bleeds into the edge.
    if picture.mode == "RGBA":
        picture = picture.convert("RGBa")
    data = b""
    for side, quality in _STEPS:
        # Averaging areas is as good as any kernel for shrinking this much, and four times as fast.
        picture.thumbnail((side, side), Image.Resampling.BOX)
        small = picture.convert("RGBA") if picture.mode == "RGBa" else picture
        buffer = io.BytesIO()
        small.save(buffer, "WEBP", quality=quality, alpha_quality=70, method=2)
        data = buffer.getvalue()
        if len(data) <= _MAX_BYTES:
            break
    return data
