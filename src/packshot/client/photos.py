"""Photos as callers have them."""

from __future__ import annotations

import os
from pathlib import Path

from packshot.errors import UnreadablePhoto

__all__ = ["PhotoFile", "content_of"]

PhotoFile = bytes | str | os.PathLike[str]
"""A photo: its bytes, or the path of its file."""


def content_of(photo: PhotoFile) -> bytes:
    """The bytes of a photo.

    Raises:
        UnreadablePhoto: its file cannot be read.
    """
    if isinstance(photo, bytes):
        return photo
    try:
        return Path(photo).read_bytes()
    except OSError as error:
        raise UnreadablePhoto(f"{photo} cannot be read ({error.strerror})", remedy="check the path") from error
