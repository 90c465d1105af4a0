"""Whether a file that somebody may still be writing is all there, as far as its format tells."""

from __future__ import annotations

import os
from pathlib import Path

from packshot.photo import iso_media
from packshot.photo.scans import read_scans
from packshot.photo.sniff import recognise

__all__ = ["is_all_there"]

_UNWRITTEN = 4096  # zero bytes at the end: space that was reserved before it is filled
_MOST_SCANS = 1000
_PNG_END = b"IEND\xaeB`\x82"


def is_all_there(path: str | os.PathLike[str], *, max_bytes: int) -> bool:
    """Whether the picture's end is in the file.

    Says nothing of what lies before it, and of a format without an end only whether zeros stand there: a copy that is
    still going on is told from a whole file, a damaged one is not told from a sound one.

    Args:
        path: of the file.
        max_bytes: a larger file is not read, and counts as all there: the decoder refuses it.

    Returns:
        False as well where the file cannot be read.
    """
    try:
        if os.path.getsize(path) > max_bytes:  # noqa: PTH202  # takes both kinds of path
            return True
        data = Path(path).read_bytes()
    except OSError:
        return False
    if not data or (len(data) >= _UNWRITTEN and not any(data[-_UNWRITTEN:])):
        return False
    content = recognise(data[:512])
    if content is None:
        return True
    try:
        return _has_end(data[content.start :], content.format)
    except Exception:  # what is damaged has no end to wait for: the decoder says what is wrong
        return True


def _has_end(data: bytes, kind: str) -> bool:
    if kind == "JPEG":
        return read_scans(data, stop_after=_MOST_SCANS).ended
    if kind == "PNG":
        return _PNG_END in data
    if kind == "WEBP":
        return len(data) >= 8 + int.from_bytes(data[4:8], "little")
    if kind in {"HEIF", "AVIF"}:
        places = iso_media.read_items(data).places.values()
        return all(offset + length <= len(data) for pieces in places for offset, length in pieces)
    return True
