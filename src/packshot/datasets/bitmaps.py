"""Supervisely's bitmaps: a PNG, compressed with zlib and written in base64.

Source: Supervisely JSON format (docs.supervisely.com, "Image Annotation JSON"); PNG specification (w3.org/TR/png-3),
11.2.1 IHDR.
"""

from __future__ import annotations

import base64
import struct
import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["bitmap_mask", "bitmap_size"]

_LARGEST_BYTES = 64_000_000  # of the PNG: what decompresses to more is no mask
_HEADER = struct.Struct(">8s4x4sII")  # signature, length, type, width, height


def bitmap_size(text: str) -> tuple[int, int]:
    """The size its header states; no pixel is decoded.

    Args:
        text: of the bitmap.

    Returns:
        (height, width) in pixels.

    Raises:
        ValueError: it is no PNG.
    """
    head, _ = _decompressed(text, _HEADER.size)
    signature, kind, width, height = _HEADER.unpack(head) if len(head) == _HEADER.size else (b"", b"", 0, 0)
    if signature != b"\x89PNG\r\n\x1a\n" or kind != b"IHDR" or not width or not height:
        raise ValueError("a bitmap that is no PNG")
    return height, width


def bitmap_mask(text: str) -> NDArray[np.bool_]:
    """Its opaque pixels, or its bright ones where it has no alpha; check `bitmap_size` first.

    Args:
        text: of the bitmap.

    Returns:
        bool (h, w).

    Raises:
        ValueError: it is no whole PNG, or one of more than 64 MB.
    """
    size = bitmap_size(text)
    data, whole = _decompressed(text, _LARGEST_BYTES)
    if not whole:
        raise ValueError(f"a bitmap that is cut short, or larger than {_LARGEST_BYTES} bytes")
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise ValueError(f"a bitmap that cannot be decoded ({error.err})") from error
    if picture is None or picture.shape[:2] != size:
        raise ValueError("a bitmap that is a damaged PNG")
    return np.asarray(picture[..., -1] > 0 if picture.ndim == 3 else picture > 0)


def _decompressed(text: str, most: int) -> tuple[bytes, bool]:
    """At most so many bytes, and whether these are all."""
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(base64.b64decode(text), most)
    except zlib.error as error:
        raise ValueError(f"a bitmap that is not compressed with zlib ({error})") from error
    return data, reader.eof
