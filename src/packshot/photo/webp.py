"""What a WebP's decoder does not notice: data that was never written, and a few bytes missing at the end.

Source: RFC 9649.
"""

from __future__ import annotations

import re

__all__ = ["padded", "zeroed_share"]

_MISSING_BYTES = 16
_PADDING_BYTES = 256
# Lossy WebP is coded arithmetically, so that every byte is used: an encoder never writes so many zero bytes.
_ZEROS = re.compile(rb"\x00{32,}")


def padded(data: bytes) -> bytes:
    """The file, with zero bytes for up to 16 that are missing at its end; the decoder refuses it otherwise."""
    missing = int.from_bytes(data[4:8], "little") + 8 - len(data)
    return data + bytes(missing) if 0 < missing <= _MISSING_BYTES else data


def zeroed_share(data: bytes) -> float:
    """How much of the first lossy picture was overwritten with zero bytes, 0..1; of a lossless one 0."""
    at, end = 12, len(data)
    while at + 8 <= end:
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8
        if kind == b"ANMF":
            at += 16  # place, size and duration of a frame, then its chunks
            continue
        if kind == b"VP8 ":
            piece = data[at : at + size]
            runs = (run for run in _ZEROS.finditer(piece) if run.end() < size or len(run[0]) > _PADDING_BYTES)
            return sum(len(run[0]) for run in runs) / max(1, len(piece))
        if kind == b"VP8L":
            return 0.0
        at += size + (size & 1)
    return 0.0
