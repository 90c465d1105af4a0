"""How many scans a JPEG holds, without decoding one of them.

A progressive JPEG sends its picture in scans, each of which the decoder works through at the full size: a
valid 167 KB file of 49 megapixels with 880 scans keeps libjpeg busy for ten seconds.

A file may also hold millions of empty segments, or megabytes of padding between two: no photo does, and
decoders step through them one by one.

Source: ITU-T T.81, annex B (markers and segments).
"""

from __future__ import annotations

import re

__all__ = ["count_scans"]

# In entropy-coded data FF 00 is a stuffed byte, FF D0..D7 a restart and FF FF a fill byte; all else is a
# marker.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9
_MAX_MARKERS = 20_000
_MAX_PADDING_BYTES = 65_536


def count_scans(data: bytes, *, stop_after: int) -> int:
    """Count the scans of a JPEG's first picture.

    Segments are stepped over, so that a thumbnail within the metadata counts for nothing, and entropy-coded
    data is searched for its end; a damaged file gives the count up to the damage.

    Args:
        data: the JPEG file.
        stop_after: return as soon as there are more scans than this.

    Returns:
        The number of start-of-scan markers, at most `stop_after` + 1.

    Raises:
        ValueError: more than 20,000 segments, or more than 64 KiB between them.
    """
    scans = markers = padding = 0
    at = 2  # behind the start-of-image marker
    while (found := _MARKER.search(data, at)) is not None:
        markers += 1
        padding += found.start() - at if scans == 0 else 0
        if markers > _MAX_MARKERS or padding > _MAX_PADDING_BYTES:
            raise ValueError("its segments are drowned in padding")
        marker, at = data[found.start() + 1], found.end()
        if marker == _END_OF_IMAGE:
            break
        if marker in _STANDALONE:
            continue
        if marker == _START_OF_SCAN:
            scans += 1
            if scans > stop_after:
                break
        at += max(2, int.from_bytes(data[at : at + 2], "big"))
    return scans
