"""Whether a JPEG is whole: what its decoder only warns of, and how much of the picture is missing.

libjpeg shows whatever it can and never refuses a picture: what is missing comes out grey, and what follows a lost
block lies elsewhere. Its warnings are the evidence; Pillow keeps them to itself, so the file is decoded a second time
at an eighth of its size, for a sixth of the time, by a reader that tells them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import simplejpeg

from packshot.photo.scans import Scans

__all__ = ["JpegState", "inspect_jpeg", "with_end"]

END_OF_IMAGE = b"\xff\xd9"

_UNWRITTEN = 16  # bytes of nothing but 0, or nothing but 255, at a file's end: they were never written
_EXTRANEOUS = re.compile(r"(\d+) extraneous bytes before marker 0xd9")
# What libjpeg says of picture data (jerror.h); other warnings are about metadata, other errors about kinds of file
# that this reader does not know.
_ABOUT_PICTURES = ("Corrupt JPEG data", "Premature end of JPEG", "Inconsistent progression", "Invalid SOS parameters")
_MOST_MISSING = 0.1
_LEAST_MISSING = 0.001
_GREY = 128


@dataclass(frozen=True, slots=True)
class JpegState:
    """What a second look at a JPEG found.

    Attributes:
        damage: why part of the picture may be destroyed, in words; None if nothing says so.
        destroyed: whether so much is missing that the picture is of no use.
        note: what is wrong with the file though not with the picture.
    """

    damage: str | None = None
    destroyed: bool = False
    note: str | None = None


def with_end(data: bytes, scans: Scans) -> bytes:
    """The file up to what was never written to it, and closed, as decoders want it.

    Args:
        data: a JPEG.
        scans: of that file.

    Returns:
        The same bytes if it is closed already.
    """
    if scans.ended:
        return data
    kept = data.rstrip(data[-1:]) if data[-1:] in (b"\x00", b"\xff") else data
    return (kept if len(data) - len(kept) >= _UNWRITTEN else data) + END_OF_IMAGE


def inspect_jpeg(data: bytes, scans: Scans) -> JpegState:
    """Look for damage.

    Args:
        data: a JPEG with an end, as `with_end` gives it.
        scans: of the file as it came.
    """
    warning = _warning(data)
    if warning is not None and not _is_padding(warning, data, scans):
        return _damaged(warning, _missing_share(data), scans)
    if not scans.detailed:
        return JpegState(damage="its last scans are missing, and fine detail with them")
    return JpegState(note=None if scans.ended else "its last bytes are missing, the picture is whole")


def _damaged(warning: str, missing: float, scans: Scans) -> JpegState:
    if missing > _MOST_MISSING:
        return JpegState(damage=f"the last {missing:.0%} of its picture are missing", destroyed=True)
    if scans.ended:
        return JpegState(damage=f"its picture data is damaged ({warning[0].lower()}{warning[1:]})")
    if missing > _LEAST_MISSING:
        return JpegState(damage=f"the last {missing:.1%} of its picture are missing")
    if not scans.detailed:
        return JpegState(damage="its end is missing, and fine detail with it")
    lost = "the finest detail" if scans.progressive else "at most a corner of the picture"
    return JpegState(note=f"its last bytes are missing, and with them {lost}")


def _warning(data: bytes) -> str | None:
    """The first thing libjpeg warns of; None if it is content, or cannot say."""
    try:
        simplejpeg.decode_jpeg(data, "GRAY", min_height=1, min_width=1, min_factor=1, strict=True)
    except ValueError as error:
        message = str(error)
        return message if message.startswith(_ABOUT_PICTURES) else None
    return None


def _is_padding(warning: str, data: bytes, scans: Scans) -> bool:
    """Whether there is only padding too much: cameras fill up to a multiple of some size."""
    found = _EXTRANEOUS.search(warning)
    if found is None or not scans.ended:
        return False
    extra = data[max(0, scans.end - int(found[1])) : scans.end]
    return len(set(extra)) == 1 and extra[0] in (0, 0xFF)


def _missing_share(data: bytes) -> float:
    """The share of the picture, from its end, that libjpeg filled with grey."""
    try:
        small = simplejpeg.decode_jpeg(data, "GRAY", min_height=1, min_width=1, min_factor=1, strict=False)[..., 0]
    except ValueError:
        return 1.0
    other = np.flatnonzero(small.ravel() != _GREY)
    if other.size == 0:
        return 1.0
    rows, last = divmod(int(other[-1]), small.shape[1])
    # Blocks lie in rows of one or two at this size; of the last row all that ends before its neighbours is missing.
    return float(1 - (rows * small.shape[1] + last + 1) / small.size)
