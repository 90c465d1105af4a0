"""The photo of a source: a file's, or the one that comes in on stdin."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from packshot.batch.sources import STDIN, Source
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.limits import Limits
    from packshot.values import Photo

__all__ = ["bytes_of", "content_of", "decoded"]


def content_of(source: Source, limits: Limits) -> str | bytes:
    """A photo's path; of stdin, the bytes that came in.

    Raises:
        UsageError: stdin is closed.
        PhotoError: stdin is empty, or holds too much.
    """
    from packshot.photo import read_stream  # noqa: PLC0415  # brings Pillow

    if source.path != STDIN:
        return source.path
    if sys.stdin is None:
        raise UsageError("- stands for stdin, which is closed", remedy="pipe a photo in")
    return read_stream(sys.stdin.buffer, name=source.shown, limits=limits)


def bytes_of(source: Source, limits: Limits) -> bytes:
    """The content of a photo's file, or what came in on stdin, within limits; nothing is decoded.

    Raises:
        UsageError: stdin is closed.
        PhotoError: it is empty, too large, or cannot be read.
    """
    from packshot.photo import read_bytes  # noqa: PLC0415  # brings Pillow

    content = content_of(source, limits)
    return content if isinstance(content, bytes) else read_bytes(content, limits=limits)


def decoded(source: Source, limits: Limits) -> Photo:
    """A photo; of stdin, the one that came in.

    Raises:
        UsageError: stdin is closed.
        PhotoError: it is refused, see `packshot.photo.decode`.
    """
    from packshot.photo import decode  # noqa: PLC0415  # brings Pillow

    return decode(content_of(source, limits), name=source.shown, limits=limits)
