"""Bytes from a path, or from a bucket by its URI: only regular files, never more than the limit, never a wait."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

from packshot.errors import EmptyFile, LimitExceeded, UnreadablePhoto
from packshot.limits import Limits
from packshot.storage.encodable import printable
from packshot.storage.objects import PhotoReader, is_object_uri

__all__ = ["check_size", "read_bytes", "read_stream"]

_DEFAULT = Limits()

# Opening a named pipe waits for a writer, unless it is opened without blocking.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

_SMALLER = "save the photo smaller, or raise max_file_megabytes (PACKSHOT_LIMITS__MAX_FILE_MEGABYTES)"

_KINDS = (
    (stat.S_ISDIR, "a folder", "name the photos in it, or give the folder to the command line"),
    (stat.S_ISFIFO, "a named pipe", "save its content to a file first, or send it to a command that reads `-`"),
    (stat.S_ISCHR, "a device", "name a regular file"),
    (stat.S_ISBLK, "a device", "name a regular file"),
    (stat.S_ISSOCK, "a socket", "name a regular file"),
)


def read_bytes(path: str, *, name: str | None = None, limits: Limits = _DEFAULT) -> bytes:
    """The content of a regular file, or of an object.

    Args:
        path: of the file; symbolic links are followed. Or a URI (``s3://``, ``gs://``, ``az://``, ``file://``).
        name: the name to show a person in errors; default: the path.
        limits: `max_file_megabytes` bounds what is read.

    Returns:
        At least one byte, at most `limits.max_file_bytes`.

    Raises:
        UnreadablePhoto: not there, not a regular file, or no permission.
        EmptyFile: zero bytes.
        LimitExceeded: too many bytes.
        StorageError: the bucket cannot be used.
    """
    name = printable(path) if name is None else name
    if is_object_uri(path):
        return _whole(PhotoReader(max_bytes=limits.max_file_bytes).read(path)[0], name)
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:  # ValueError: a zero byte or an unpaired surrogate in the name
        raise _unreadable(path, name, error) from error
    try:
        status = os.fstat(descriptor)
        _check_kind(status.st_mode, name)
        check_size(status.st_size, name, limits)
        content = bytearray()
        # The file may grow while it is read, so the size told above is only the first bound.
        while chunk := os.read(descriptor, min(1 << 24, limits.max_file_bytes + 1 - len(content))):
            content += chunk
            check_size(len(content), name, limits)
    except OSError as error:
        raise _unreadable(path, name, error) from error
    finally:
        os.close(descriptor)
    return _whole(bytes(content), name)


def _whole(content: bytes, name: str) -> bytes:
    if not content:
        raise EmptyFile(f"{name} is empty (0 bytes)", remedy="upload it again")
    return content


def read_stream(stream: BinaryIO, *, name: str, limits: Limits = _DEFAULT) -> bytes:
    """The content of an open stream, such as stdin.

    Args:
        stream: read to its end, unless that is beyond the limit.
        name: to show a person in errors.
        limits: `max_file_megabytes` bounds what is read.

    Returns:
        At least one byte, at most `limits.max_file_bytes`.

    Raises:
        UnreadablePhoto: it cannot be read.
        EmptyFile: zero bytes.
        LimitExceeded: too many bytes.
    """
    content = bytearray()
    try:
        while chunk := stream.read(min(1 << 24, limits.max_file_bytes + 1 - len(content))):
            content += chunk
            if len(content) > limits.max_file_bytes:
                raise LimitExceeded(f"{name} has more than {limits.max_file_megabytes:g} MB", remedy=_SMALLER)
    except OSError as error:
        raise UnreadablePhoto(
            f"{name} cannot be read ({error.strerror or error})", remedy="save it to a file"
        ) from error
    if not content:
        raise EmptyFile(f"{name} is empty (0 bytes)", remedy="send a photo to it")
    return bytes(content)


def check_size(size: int, name: str, limits: Limits) -> None:
    """Refuse a file of too many bytes.

    Args:
        size: in bytes.
        name: the name to show a person in errors; default: the path.
        limits: `max_file_megabytes` is the bound.

    Raises:
        LimitExceeded: it is larger.
    """
    if size > limits.max_file_bytes:
        raise LimitExceeded(
            f"{name} has {size / 1e6:.1f} MB, expected at most {limits.max_file_megabytes:g} MB",
            remedy=_SMALLER,
        )


def _check_kind(mode: int, name: str) -> None:
    if stat.S_ISREG(mode):
        return
    for test, words, remedy in _KINDS:
        if test(mode):
            raise UnreadablePhoto(f"{name} is {words}, expected a file", remedy=remedy)
    raise UnreadablePhoto(f"{name} is no regular file", remedy="name a regular file")


def _unreadable(path: str, name: str, error: Exception) -> UnreadablePhoto:
    if isinstance(error, FileNotFoundError):
        fetch = name.startswith(("http://", "https://"))
        return UnreadablePhoto(
            f"{name} is not there",
            remedy="save it as a file first: no address is fetched" if fetch else "check the path",
        )
    if isinstance(error, PermissionError):
        return UnreadablePhoto(f"{name} may not be read", remedy="check the file's permissions")
    if isinstance(error, OSError):
        try:
            _check_kind(os.stat(path).st_mode, name)  # noqa: PTH116 - a socket cannot be opened, yet has a kind
        except UnreadablePhoto as better:
            return better
        except (OSError, ValueError):
            pass
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadablePhoto(f"{name} cannot be read ({reason})", remedy="check the path")
