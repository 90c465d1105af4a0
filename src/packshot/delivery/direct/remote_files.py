"""Files on a server or in a bucket: what a delivery needs of them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Protocol

from packshot.errors import ObjectNotFound
from packshot.specs import MEDIA_TYPES
from packshot.storage.objects import ObjectFolder

__all__ = ["BucketFiles", "RemoteFiles"]

_MIME = {**MEDIA_TYPES, ".csv": "text/csv; charset=utf-8"}


class RemoteFiles(Protocol):
    """Files by their paths, with ``/``. Every write is whole or not there. All raise a PackshotError."""

    #: How many may be asked for at the same time.
    at_once: int

    def read(self, name: str) -> bytes | None:
        """A file's content; None where there is none."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Make or replace a file."""
        ...

    def delete(self, name: str) -> None:
        """Remove a file; one that is not there is no error."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class BucketFiles:
    """Objects of a bucket.

    Args:
        folder: of the bucket.
    """

    at_once = 8

    def __init__(self, folder: ObjectFolder) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        """See `RemoteFiles.read`."""
        try:
            return self._folder.read(name)[0]
        except ObjectNotFound:
            return None

    def write(self, name: str, data: bytes) -> None:
        """See `RemoteFiles.write`; the object says what kind of picture it is."""
        self._folder.write(name, data, content_type=_MIME.get(PurePosixPath(name).suffix.lower()))

    def delete(self, name: str) -> None:
        """See `RemoteFiles.delete`."""
        self._folder.delete([name])

    def close(self) -> None:
        """See `RemoteFiles.close`."""
