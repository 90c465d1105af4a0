"""The small before and after pictures the report embeds."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from packshot.values import Box

__all__ = ["thumbnail"]

_MAX_BYTES = 7_000  # a pair in base64 is at most 19 kB, typically half: 3,000 photos are a page of 30 MB
_STEPS = ((256, 60), (256, 40), (192, 40))  # longer side in pixels and quality, until it is small enough


# Of a box: light within dark, to be seen on anything.
_FRAME_LINE = ((255, 255, 255), (214, 51, 108))
_OVERLAY_LINE = ((255, 255, 255), (0, 92, 197))


def thumbnail(pixels: NDArray[np.uint8], *, box: Box | None = None, overlays: Sequence[Box] = ()) -> bytes:
    """A WebP of at most 256 px a side and about 7 kB.

    Args:
        pixels: uint8 (h, w, 3) or (h, w, 4) with straight alpha.
        box: drawn over it, in the pixels' own coordinates: the picture inside a frame.
        overlays: drawn over it in another colour, in the same coordinates: what was laid over the picture.

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
        for each, line in [(one, _OVERLAY_LINE) for one in overlays] + ([] if box is None else [(box, _FRAME_LINE)]):
            small = _with_box(small, each, line, scale=small.width / pixels.shape[1])
        small.save(buffer, "WEBP", quality=quality, alpha_quality=70, method=2)
        data = buffer.getvalue()
        if len(data) <= _MAX_BYTES:
            break
    return data


def _with_box(picture: Image.Image, box: Box, line: Sequence[tuple[int, int, int]], *, scale: float) -> Image.Image:
    drawn = picture.copy()
    draw = ImageDraw.Draw(drawn)
    x0, y0, x1, y1 = (round(place * scale) for place in box.as_tuple())
    for inset, colour in enumerate(line):
        draw.rectangle(
            (x0 + inset, y0 + inset, max(x0 + inset, x1 - 1 - inset), max(y0 + inset, y1 - 1 - inset)), outline=colour
        )
    return drawn
