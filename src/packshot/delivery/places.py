"""Files at a target: in a folder each by itself, in a ZIP all at once; what was written is read again."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from packshot.errors import UsageError
from packshot.storage import atomic_file, remove_stale, sha256_of_file, write_atomic, write_result

__all__ = ["FolderPlace", "Place", "Wanted", "ZipPlace"]

_DAY_ONE = (1980, 1, 1, 0, 0, 0)  # the same files make the same ZIP
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that shall be at the target.

    Attributes:
        name: its path there, with ``/``.
        sha256: of its bytes.
        content: these bytes, or the file that holds them.
    """

    name: str
    sha256: str
    content: bytes | Path

    @classmethod
    def document(cls, name: str, content: bytes) -> Wanted:
        """A table or feed."""
        return cls(name, hashlib.sha256(content).hexdigest(), content)

    def read(self) -> bytes:
        """Its bytes.

        Raises:
            UsageError: the file is not what it was when the delivery began.
        """
        if isinstance(self.content, bytes):
            return self.content
        try:
            data = self.content.read_bytes()
        except OSError as error:
            raise UsageError(f"{self.content}: cannot be read ({error.strerror})", remedy="deliver again") from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise UsageError(f"{self.content}: changed while it was delivered", remedy="deliver again, after the run")
        return data


class Place(Protocol):
    """Where files lie at a target."""

    def found(self, names: Collection[str]) -> dict[str, str]:
        """Those of some files that are there, with the SHA-256 of their bytes.

        Raises:
            UsageError: something else lies there.
        """
        ...

    def bring(self, wanted: Sequence[Wanted], found: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
        """See that files are there, in this order; gives each name with the SHA-256 that was read back.

        Args:
            wanted: all files of the target.
            found: what is there now.

        Raises:
            OutputError: one could not be written.
        """
        ...

    def take(self, name: str, keep: Path) -> None:
        """Take a file away; a copy is kept where that is possible.

        Raises:
            OutputError: it could not be kept.
        """
        ...


class FolderPlace:
    """Files in a folder.

    Args:
        folder: made with the first file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def found(self, names: Collection[str]) -> dict[str, str]:
        """Those that are there. Folders, and what cannot be read, count as something of no known content."""
        there = {name: self._folder / name for name in names}
        return {name: self._hash(path) for name, path in there.items() if path.is_symlink() or path.exists()}

    def bring(self, wanted: Sequence[Wanted], found: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
        """Write those that are not there yet, each whole."""
        tops = {name.split("/")[0] for name in (file.name for file in wanted) if "/" in name}
        if tops:
            remove_stale(self._folder, below=tops)
        for file in wanted:
            path = self._folder / file.name
            if found.get(file.name) != file.sha256:
                if isinstance(file.content, bytes):
                    write_atomic(path, file.content)
                else:  # listed, so that no run takes it for a photo
                    write_result(path, file.read(), folder=self._folder)
                yield file.name, self._hash(path) if path.exists() else None
            else:
                yield file.name, file.sha256

    def take(self, name: str, keep: Path) -> None:
        """Move it to the run's folder."""
        path = self._folder / name
        if path.is_file():
            write_atomic(keep, path.read_bytes())
            path.unlink()

    @staticmethod
    def _hash(path: Path) -> str:
        try:
            return sha256_of_file(path)
        except OSError:
            return ""


class ZipPlace:
    """Files in one ZIP, which is written whole; pictures are stored as they are.

    Args:
        path: of the ZIP.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def found(self, names: Collection[str]) -> dict[str, str]:
        """All that is in it."""
        if not self._path.exists():
            return {}
        remedy = "move it away, or name another file with --to"
        try:
            with zipfile.ZipFile(self._path) as archive:
                foreign = sorted(set(archive.namelist()) - set(names))
                if foreign or not archive.namelist():
                    what = f"holds {foreign[0]}" if foreign else "is empty"
                    raise UsageError(f"{self._path} is no delivery of this run: it {what}", remedy=remedy)
                return {name: _hash_in(archive, name) for name in archive.namelist()}
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise UsageError(f"{self._path} exists and is no ZIP that can be read ({error})", remedy=remedy) from error

    def bring(self, wanted: Sequence[Wanted], found: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
        """Write it anew, unless it holds just these."""
        if found != {file.name: file.sha256 for file in wanted}:
            with atomic_file(self._path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for each in sorted(wanted, key=lambda one: one.name):
                    info = zipfile.ZipInfo(each.name, _DAY_ONE)
                    info.external_attr = 0o644 << 16
                    archive.writestr(info, each.read())
            found = self.found([file.name for file in wanted])
        for each in wanted:
            yield each.name, found.get(each.name)

    def take(self, name: str, keep: Path) -> None:
        """Nothing: the ZIP was written without it."""


def _hash_in(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as file:
        while piece := file.read(_READ):
            digest.update(piece)
    return digest.hexdigest()
