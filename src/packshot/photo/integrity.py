"""Checks a decoder leaves out."""

from __future__ import annotations

import zlib

__all__ = ["check_gif", "check_png"]

_MAX_CHUNKS = 200_000
_MAX_GIF_BLOCKS = 400_000


def check_png(data: bytes) -> None:
    """Compare the checksums of a PNG's picture data.

    Pillow skips those of the IDAT chunks, so that a file with a few flipped bits would be shown as garbage.

    Args:
        data: the PNG file; a truncated one passes, the decoder finds that out.

    Raises:
        ValueError: a checksum is wrong, or there are more than 200,000 chunks, through which a decoder would
            step one
            by one.

    Source: PNG 1.2, 3.2 (chunk layout).
    """
    at, chunks = 8, 0
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
        chunks += 1
        if chunks > _MAX_CHUNKS:
            raise ValueError("its picture data is drowned in empty chunks")


def check_gif(data: bytes) -> bool:
    """Step over the blocks of a GIF.

    Args:
        data: the GIF file; a truncated one passes, the decoder finds that out.

    Returns:
        True if a second picture follows the first.

    Raises:
        ValueError: more than 400,000 blocks (a file of 50 MB needs half of that), through which a decoder
            would step
            one by one.

    Source: GIF89a, appendix B (grammar).
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
