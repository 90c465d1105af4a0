"""The small before and after pictures the report embeds."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from packshot.values import Box

__all__ = ["thumbnail"]

_MAX_BYTES = 7_000  # a pair in base64 is at most 19 kB, typically half: 3,000 photos are a page of 30 MB
_STEPS = ((256, 60), (256, 40), (192, 40))  # longer side in pixels and quality, until it is small enough


_LINE = ((255, 255, 255), (214, 51, 108))  # of a box: light within dark, to be seen on anything


def thumbnail(pixels: NDArray[np.uint8], *, box: Box | None = None) -> bytes:
    """A WebP of at most 256 px a side and about 7 kB.

    Args:
        pixels: uint8 (h, w, 3) or (h, w, 4) with straight alpha.
        box: drawn over it, in the pixels' own coordinates: the picture inside a frame.

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
        if box is not None:
            small = _with_box(small, box, scale=small.width / pixels.shape[1])
        small.save(buffer, "WEBP", quality=quality, alpha_quality=70, method=2)
        data = buffer.getvalue()
        if len(data) <= _MAX_BYTES:
            break
    return data


def _with_box(picture: Image.Image, box: Box, *, scale: float) -> Image.Image:
    drawn = picture.copy()
    draw = ImageDraw.Draw(drawn)
    x0, y0, x1, y1 = (round(place * scale) for place in box.as_tuple())
    for inset, colour in enumerate(_LINE):
        draw.rectangle(
            (x0 + inset, y0 + inset, max(x0 + inset, x1 - 1 - inset), max(y0 + inset, y1 - 1 - inset)), outline=colour
        )
    return drawn
