"""Checks a decoder leaves out."""

from __future__ import annotations

import zlib

__all__ = ["check_png"]


def check_png(data: bytes) -> None:
    """Compare the checksums of a PNG's picture data.

    Pillow skips those of the IDAT chunks, so that a file with a few flipped bits would be shown as garbage.

    Args:
        data: the PNG file; a truncated one passes, the decoder finds that out.

    Raises:
        ValueError: a checksum is wrong.

    Source: PNG 1.2, 3.2 (chunk layout).
    """
    at = 8
    view = memoryview(data)
    while at + 12 <= len(data):
        length = int.from_bytes(view[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        end = at + 8 + length
        if kind == b"IEND" or end + 4 > len(data):
            return
        if kind == b"IDAT" and zlib.crc32(view[at + 4 : end]) != int.from_bytes(view[end : end + 4], "big"):
            raise ValueError("the checksum of its picture data is wrong")
        at = end + 4
