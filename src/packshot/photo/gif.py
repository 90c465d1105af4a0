"""What Pillow leaves out of a GIF: how many pictures it holds, and what lies beside the first.

Source: GIF89a, appendix B (grammar).
"""

from __future__ import annotations

import numpy as np
from PIL import Image

__all__ = ["check_gif", "with_clear_rim"]

_MAX_GIF_BLOCKS = 400_000


def check_gif(data: bytes) -> bool:
    """Step over the blocks of a GIF.

    Args:
        data: the GIF file; a truncated one passes, the decoder finds that out.

    Returns:
        True if a second picture follows the first.

    Raises:
        ValueError: more than 400,000 blocks (a file of 50 MB needs half of that), through which a decoder would step
            one by one.
    """
    at, pictures, blocks = 13 + _table(data, 10), 0, 0
    while at < len(data) and data[at] in b"!,":
        if data[at] == ord(","):
            pictures += 1
            if pictures == 2:
                return True
            at += 11 + _table(data, at + 9)  # descriptor 10, LZW code size 1
        else:
            at += 2
        while at < len(data):
            size = data[at]
            at += 1 + size
            blocks += 1
            if blocks > _MAX_GIF_BLOCKS:
                raise ValueError("its picture data is drowned in small blocks")
            if size == 0:
                break
    return False


def _table(data: bytes, at: int) -> int:
    """Size in bytes of the colour table that the flags at a place announce."""
    flags = data[at] if at < len(data) else 0
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def with_clear_rim(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """Make transparent what the first picture does not cover, as browsers do; Pillow fills it with a colour.

    Args:
        image: the first picture, loaded, on its canvas.
        box: (x0, y0, x1, y1) of the picture on the canvas, in pixels, end-exclusive.

    Returns:
        The same image where the picture covers its canvas; else one of mode RGBA.
    """
    width, height = image.size
    if box == (0, 0, width, height):
        return image
    pixels = np.array(image.convert("RGBA"))
    covered = np.zeros((height, width), bool)
    covered[max(0, box[1]) : max(0, box[3]), max(0, box[0]) : max(0, box[2])] = True
    pixels[~covered] = (255, 255, 255, 0)
    return Image.fromarray(pixels)
