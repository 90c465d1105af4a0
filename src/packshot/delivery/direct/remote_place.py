"""A place on a server or in a bucket; what is replaced or taken away is kept in the run's folder, for the way back."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from packshot.delivery.direct.remote_files import RemoteFiles
from packshot.delivery.direct.roll_back_file import RollBackFile
from packshot.delivery.direct.shop import Shown
from packshot.delivery.places import Wanted
from packshot.storage import write_atomic

__all__ = ["RemotePlace"]


class RemotePlace:
    """Files on a server or in a bucket, as a `packshot.delivery.places.Place`.

    Args:
        files: that are there.
        before: where it is written down how they were; a file is its "product", what it held its picture.
        keep: folder of the files that were replaced or taken away, named by their content.
    """

    def __init__(self, files: RemoteFiles, before: RollBackFile, keep: Path) -> None:
        self._files, self._before, self._keep = files, before, keep

    def found(self, names: Collection[str]) -> dict[str, str]:
        """Those that are there: each is read."""
        asked = list(names)
        with ThreadPoolExecutor(self._files.at_once) as pool:
            hashes = dict(zip(asked, pool.map(self._hash, asked), strict=True))
        return {name: sha256 for name, sha256 in hashes.items() if sha256 is not None}

    def bring(self, wanted: Sequence[Wanted], found: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
        """Write those that are not there yet, several at once, and read them; tables after the pictures."""

        def one(file: Wanted) -> tuple[str, str | None]:
            if found.get(file.name) == file.sha256:
                return file.name, file.sha256
            self._remember(file.name, self._files.read(file.name) if file.name in found else None)
            self._files.write(file.name, file.read())
            return file.name, self._hash(file.name)

        step = self._files.at_once
        groups = [[file for file in wanted if isinstance(file.content, Path) is picture] for picture in (True, False)]
        with ThreadPoolExecutor(step) as pool:
            for group in groups:
                for start in range(0, len(group), step):
                    yield from pool.map(one, group[start : start + step])

    def take(self, name: str, keep: Path) -> None:
        """Keep a copy, and remove it."""
        data = self._files.read(name)
        if data is not None:
            self._remember(name, data)
            write_atomic(keep, data)
            self._files.delete(name)

    def _remember(self, name: str, data: bytes | None) -> None:
        held = []
        if data is not None:
            kept = f"{hashlib.sha256(data).hexdigest()}{PurePosixPath(name).suffix}"
            write_atomic(self._keep / kept, data)
            held = [Shown(kept, "")]
        self._before.remember(name, (), held)

    def _hash(self, name: str) -> str | None:
        data = self._files.read(name)
        return None if data is None else hashlib.sha256(data).hexdigest()
