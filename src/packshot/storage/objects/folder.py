"""What can be done with objects, wherever they lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from packshot.storage.objects.uri import ObjectUri

__all__ = ["ObjectFolder", "ObjectInfo"]


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What a listing says of an object.

    Attributes:
        path: below the folder, with ``/``.
        size: bytes.
        etag: another one whenever the content is another one; None where the store has none.
    """

    path: str
    size: int
    etag: str | None


class ObjectFolder(Protocol):
    """A prefix of a bucket, or a folder on a disk. Paths are below it, with ``/``. Survives pickling.

    Every write is whole or not there. Requests that fail for a reason that passes (throttling, an error of the server,
    a lost connection) are repeated with growing pauses and jitter. All methods raise:

    - `BucketNotFound`, `AccessDenied`: the store cannot be used so.
    - `ObjectNotFound`: of methods that read one object.
    - `StorageUnavailable`: it failed, also when it was repeated.
    """

    @property
    def uri(self) -> ObjectUri:
        """Where it is."""
        ...

    def check(self) -> None:
        """Ask for the first object, to see early that the folder can be used; an empty one can."""
        ...

    def list(self, below: str = "", *, after: str = "") -> Iterator[ObjectInfo]:
        """Every object below a path, in the order of the paths' UTF-8 bytes, a page at a time.

        Args:
            below: a folder.
            after: paths up to this one are left out.

        Raises:
            UsageError: a key has a form that no path has, such as an empty part; the listing cannot go on.
        """
        ...

    def head(self, path: str) -> ObjectInfo:
        """What a listing would say of an object."""
        ...

    def read(self, path: str) -> tuple[bytes, ObjectInfo]:
        """An object's content, and what it was called at that moment."""
        ...

    def read_range(self, path: str, start: int, length: int) -> bytes:
        """Some bytes of an object; fewer where it ends before."""
        ...

    def write(self, path: str, data: bytes, *, content_type: str | None = None) -> str | None:
        """Make or replace an object; its new etag."""
        ...

    def write_stream(self, path: str, pieces: Iterable[bytes], *, content_type: str | None = None) -> None:
        """Make or replace an object of any size (a multipart upload); memory holds a few pieces at a time."""
        ...

    def create(self, path: str, data: bytes) -> str | None:
        """Make an object that is not there yet; its etag.

        Raises:
            ObjectExists: another one is there. One with the same content was made by a request whose answer was lost.
        """
        ...

    def replace(self, path: str, data: bytes, *, etag: str) -> str | None:
        """Replace an object that is still the one with this etag; its new etag.

        Raises:
            ObjectChanged: it is another one now, or gone.
        """
        ...

    def delete(self, paths: Iterable[str]) -> None:
        """Remove objects; those that are not there are no error."""
        ...
