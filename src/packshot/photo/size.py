"""How large a photo says it is, without decoding it: to plan with, not to trust."""

from __future__ import annotations

import os
import stat
import warnings

from PIL import Image

from packshot.limits import Limits
from packshot.photo.sniff import FORMATS
from packshot.storage.objects import is_object_uri

__all__ = ["memory_to_decode"]

# Bytes for each pixel, measured by `benchmarks/photo_memory.py`: of the photo as it is kept, with all that the stages
# make of it; and of one that is decoded whole before it is reduced.
_KEPT = 54
_WHOLE = 8
_UNKNOWN_PIXELS_PER_BYTE = 8  # of HEIC and AVIF, which are opened by decoding; others are rarely packed tighter


def memory_to_decode(path: str | os.PathLike[str], *, limits: Limits) -> int:
    """Roughly how much memory a photo takes while it goes through the stages, in bytes.

    Args:
        path: of the photo; one that cannot be read takes none.
        limits: what is refused, and from which size on photos are reduced.
    """
    pixels, whole = _pixels(path, limits)
    if pixels > limits.max_pixels:
        return 0  # refused before it is decoded
    kept = min(pixels, limits.full_pixels)
    return kept * _KEPT + (pixels * _WHOLE if whole and pixels > kept else 0)


def _pixels(path: str | os.PathLike[str], limits: Limits) -> tuple[int, bool]:
    """How many pixels, and whether all of them are decoded."""
    if is_object_uri(os.fspath(path)):
        return limits.full_pixels, False  # what it is would take a request to tell
    try:
        status = os.stat(path)  # noqa: PTH116  # takes both
    except (OSError, ValueError):
        return 0, False
    if not stat.S_ISREG(status.st_mode):  # a pipe would be waited on
        return 0, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures, and of damaged metadata
            with Image.open(path, formats=[name for name in FORMATS if name not in {"HEIF", "AVIF"}]) as picture:
                return picture.width * picture.height, picture.format != "JPEG"
    except Image.DecompressionBombError:
        return limits.full_pixels, False
    except Exception:  # headers fail in many ways, and the decoder will say it better
        return status.st_size * _UNKNOWN_PIXELS_PER_BYTE, True
