"""A folder on a disk as objects: for a shared file system, and to try what will run on a bucket."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from packshot.errors import AccessDenied, ObjectChanged, ObjectExists, ObjectNotFound, StorageUnavailable, UsageError
from packshot.storage.atomic import atomic_file, write_atomic
from packshot.storage.lock import Lock
from packshot.storage.objects.folder import ObjectInfo
from packshot.storage.objects.uri import ObjectUri

__all__ = ["DiskFolder"]

_LOCKS = ".packshot-locks"
_WAIT_S = 60.0
_GONE = (errno.ENOENT, errno.ENOTDIR)


class DiskFolder:
    """See `packshot.storage.objects.ObjectFolder`. Hidden files and folders are listed only where they were asked for.

    Args:
        folder: need not be there yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    @property
    def uri(self) -> ObjectUri:
        """See `ObjectFolder.uri`."""
        return ObjectUri.of_path(self._folder)

    def check(self) -> None:
        """See `ObjectFolder.check`."""
        next(self.list(), None)

    def list(self, below: str = "", *, after: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectFolder.list`."""
        with _told(self._folder / below):
            top = self._path(below) if below else self._folder
            for path in _walk(top, below):
                if path > after:
                    try:
                        status = (self._folder / path).stat()
                    except FileNotFoundError:
                        continue  # it went meanwhile
                    yield ObjectInfo(path, status.st_size, _etag(status))

    def head(self, path: str) -> ObjectInfo:
        """See `ObjectFolder.head`."""
        with _told(self._path(path)):
            status = self._path(path).stat()
            if self._path(path).is_dir():
                raise FileNotFoundError(errno.ENOENT, "is a folder")
        return ObjectInfo(path, status.st_size, _etag(status))

    def read(self, path: str) -> tuple[bytes, ObjectInfo]:
        """See `ObjectFolder.read`."""
        with _told(self._path(path)), self._path(path).open("rb") as file:
            status = os.fstat(file.fileno())
            return file.read(), ObjectInfo(path, status.st_size, _etag(status))

    def read_range(self, path: str, start: int, length: int) -> bytes:
        """See `ObjectFolder.read_range`."""
        with _told(self._path(path)), self._path(path).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def write(self, path: str, data: bytes, *, content_type: str | None = None) -> str | None:
        """See `ObjectFolder.write`."""
        write_atomic(self._path(path), data)
        return self.head(path).etag

    def write_stream(self, path: str, pieces: Iterable[bytes], *, content_type: str | None = None) -> None:
        """See `ObjectFolder.write_stream`."""
        with atomic_file(self._path(path)) as file:
            file.writelines(pieces)

    def create(self, path: str, data: bytes) -> str | None:
        """See `ObjectFolder.create`."""
        target = self._path(path)
        written = target.with_name(f".{secrets.token_hex(8)}.packshot-tmp")
        write_atomic(written, data)
        try:
            with _told(target):
                os.link(written, target)  # unlike a rename, refuses what is there
        except FileExistsError:
            if self.read(path)[0] != data:
                raise ObjectExists(f"{self.uri.child(path)} is there already", remedy="take another name") from None
        finally:
            written.unlink(missing_ok=True)
        return self.head(path).etag

    def replace(self, path: str, data: bytes, *, etag: str) -> str | None:
        """See `ObjectFolder.replace`."""
        busy = StorageUnavailable(f"{self.uri.child(path)} is held by another process", remedy="repeat the command")
        lock = self._folder / _LOCKS / (path.replace("/", "~") + ".lock")
        with Lock(lock, busy=lambda: busy, wait_s=_WAIT_S).hold():
            try:
                now = self.head(path).etag
            except ObjectNotFound:
                now = None
            if now != etag:
                raise ObjectChanged(f"{self.uri.child(path)} was changed by another process", remedy="read it anew")
            return self.write(path, data)

    def delete(self, paths: Iterable[str]) -> None:
        """See `ObjectFolder.delete`."""
        for path in paths:
            with contextlib.suppress(ObjectNotFound), _told(self._path(path)):
                self._path(path).unlink()

    def _path(self, path: str) -> Path:
        """Below the folder, whatever a path says."""
        if not path or any(part in ("", ".", "..") for part in path.split("/")):
            raise UsageError(f"{path!r}: no path of an object", remedy="leave out empty parts, . and ..")
        return self._folder / path


def _walk(top: Path, prefix: str, above: frozenset[tuple[int, int]] = frozenset()) -> Iterator[str]:
    try:
        status = top.stat()
        here = (status.st_dev, status.st_ino)
        if here in above:
            return  # a link to a folder that holds it
        entries = [(entry.name + "/" * entry.is_dir(), entry) for entry in os.scandir(top)]
    except OSError as error:
        if error.errno in _GONE:
            return
        raise
    # A folder's slash takes part in the order, as it does in a bucket's listing.
    for name, entry in sorted(entries, key=lambda one: one[0]):
        if name.startswith("."):
            continue
        path = f"{prefix}/{entry.name}" if prefix else entry.name
        if name.endswith("/"):
            yield from _walk(Path(entry.path), path, above | {here})
        elif entry.is_file():
            yield path


def _etag(status: os.stat_result) -> str:
    return f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Errors of the disk as those of a store."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in _GONE:
            raise ObjectNotFound(f"{path} is not there", remedy="check its name") from error
        if isinstance(error, PermissionError):
            raise AccessDenied(f"{path} may not be used ({error.strerror})", remedy="check its permissions") from error
        raise StorageUnavailable(
            f"{path} cannot be used ({error.strerror or error})", remedy="check the disk, then repeat the command"
        ) from error
