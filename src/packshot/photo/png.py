"""PNG, fast: the one lossless file of the flow, written once per photo.

docs/decisions/0003-png-encoding.md has the measurements behind the two settings.
"""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np

from packshot.errors import CompositionError
from packshot.values import Grey, Rgb, Rgba

__all__ = ["encode_png"]

_FAST = (
    cv2.IMWRITE_PNG_COMPRESSION,
    1,
    cv2.IMWRITE_PNG_STRATEGY,
    cv2.IMWRITE_PNG_STRATEGY_RLE,
    cv2.IMWRITE_PNG_FILTER,
    cv2.IMWRITE_PNG_FILTER_UP,
)
_SMALL = (cv2.IMWRITE_PNG_COMPRESSION, 9, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_FILTERED)

# PNG 1.2, 4.2.2.3: the picture is sRGB, rendering intent 1 (relative colorimetric). 13 bytes instead of a
# profile.
_SRGB_CHUNK = b"\x00\x00\x00\x01sRGB\x01\xd9\xc9\x2c\x7f"
_BEHIND_HEADER = 33  # signature 8, IHDR 25


def encode_png(pixels: Rgb | Rgba | Grey, *, smallest: bool = False, xmp: bytes | None = None) -> bytes:
    """Encode without loss.

    Args:
        pixels: uint8 (h, w, 3), (h, w, 4) with straight alpha (colours under alpha 0 are kept), or grey (h, w).
        smallest: take about ten times as long for a smaller file.
        xmp: an XMP packet to write along.

    Returns:
        A PNG file tagged as sRGB.

    Raises:
        CompositionError: the encoder failed.
    """
    swapped = np.ascontiguousarray(pixels)
    if pixels.ndim == 3:
        swapped = cv2.cvtColor(swapped, cv2.COLOR_RGBA2BGRA if pixels.shape[2] == 4 else cv2.COLOR_RGB2BGR)  # type: ignore[assignment]
    done, file = cv2.imencode(".png", swapped, _SMALL if smallest else _FAST)
    if not done:
        raise CompositionError(f"PNG of {pixels.shape} could not be encoded", remedy="choose a smaller picture")
    data = file.tobytes()
    metadata = b"" if xmp is None else _text_chunk(xmp)
    return data[:_BEHIND_HEADER] + _SRGB_CHUNK + metadata + data[_BEHIND_HEADER:]


def _text_chunk(xmp: bytes) -> bytes:
    """XMP Specification Part 3, 1.1.5: an iTXt chunk, not compressed, without language and translation."""
    content = b"iTXtXML:com.adobe.xmp" + b"\0" * 5 + xmp
    return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
