"""A folder of a bucket on this machine's disk, for readers that open files: copied once, then kept up to date."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from itertools import islice
from pathlib import Path

from packshot.counting import counted
from packshot.errors import ObjectNotFound, OutputError, UsageError
from packshot.storage.lock import STATE_FOLDER, Lock
from packshot.storage.log import AppendOnlyLog
from packshot.storage.objects.folder import ObjectFolder, ObjectInfo
from packshot.storage.objects.on_disk import DiskFolder
from packshot.storage.objects.opening import open_folder
from packshot.storage.objects.uri import ObjectUri

__all__ = ["local_copy"]

_AT_ONCE = 16
_BATCH = 256  # objects that are asked for before the listing goes on
_WAIT_S = 3600.0
_LOG = f"{STATE_FOLDER}/copied.jsonl"


def local_copy(uri: str, cache: Path, *, tell: Callable[[str], None] = lambda _: None) -> Path:
    """The files below a URI, on a disk.

    What is there as the bucket has it (etag and size) is not read again, so a killed copy goes on when it is repeated;
    what is gone from the bucket goes here as well. Of several processes one copies, the others wait.

    Args:
        uri: of a folder, or of a file (a table), with which its whole folder comes, as its rows name what lies there.
        cache: folder for all copies; each bucket and path has one of its own in it.
        tell: called with a line for a person before and after anything is copied.

    Raises:
        UsageError: nothing is there.
        StorageError: the bucket cannot be used.
        OutputError: the disk is full, or may not be written.
    """
    place = ObjectUri.parse(uri)
    if place.scheme == "file":
        if not Path(place.path).exists():
            raise UsageError(f"{uri}: no such folder", remedy="check the path")
        return Path(place.path)
    above, name = _folder_and_name(place)
    target = cache / above.scheme / above.bucket / above.path
    busy = OutputError(f"another process copies {above}", remedy="wait until it is done, then repeat the command")
    with (
        Lock(target / STATE_FOLDER / "copy.lock", busy=lambda: busy, wait_s=_WAIT_S).hold(),
        AppendOnlyLog(target / _LOG) as log,
    ):
        if not _Copy(open_folder(above), target, log).bring_up_to_date(tell):
            raise UsageError(f"{above} holds nothing", remedy="check the URI: it names the folder with the pictures")
    return target / name


def _folder_and_name(place: ObjectUri) -> tuple[ObjectUri, str]:
    """The folder to copy, and the file in it that was named; empty where the folder was."""
    above, _, name = place.path.rpartition("/")
    if not name:
        return place, ""
    folder = ObjectUri(place.scheme, place.bucket, above)
    try:
        open_folder(folder).head(name)
    except ObjectNotFound:
        return place, ""
    return folder, name


class _Copy:
    def __init__(self, folder: ObjectFolder, target: Path, log: AppendOnlyLog) -> None:
        self._folder, self._target, self._log = folder, target, log
        self._disk = DiskFolder(target)
        rows = (json.loads(line) for _, line in log)
        self._known: dict[str, str | None] = {row["path"]: row["etag"] for row in rows}

    def bring_up_to_date(self, tell: Callable[[str], None]) -> int:
        """Copy what is new or other; how many objects there are."""
        there: set[str] = set()
        copied = 0
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for some in _batches(self._missing(there)):
                if not copied:
                    tell(f"copying {self._folder.uri} to {self._target}")
                for path, etag in self._fetched(pool, some):
                    self._log.append({"path": path, "etag": etag}, sync=False)
                copied += len(some)
        gone = [path for path, etag in self._known.items() if etag is not None and path not in there]
        self._disk.delete(gone)
        for path in gone:
            self._log.append({"path": path, "etag": None}, sync=False)
        if copied:
            tell(f"{copied:,} of {counted(len(there), 'file')} copied")
        return len(there)

    def _missing(self, there: set[str]) -> Iterator[ObjectInfo]:
        for info in self._folder.list():
            there.add(info.path)
            local = self._target / info.path
            same = info.etag is not None and self._known.get(info.path) == info.etag
            if not (same and local.is_file() and local.stat().st_size == info.size):
                yield info

    def _fetched(self, pool: ThreadPoolExecutor, some: list[ObjectInfo]) -> Iterator[tuple[str, str | None]]:
        """Each as soon as it is here. After an error none is begun; it is raised when those in hand are told."""
        futures: list[Future[tuple[str, str | None]]] = []
        first_error = None
        try:
            futures.extend(pool.submit(self._fetch, info) for info in some)
            for future in as_completed(futures):
                if future.cancelled():
                    continue
                error = future.exception()
                if error is None:
                    yield future.result()
                elif first_error is None:
                    first_error = error
                    for each in futures:
                        each.cancel()
        finally:  # after Ctrl-C the pool waits for what is in hand alone
            for each in futures:
                each.cancel()
        if first_error is not None:
            raise first_error

    def _fetch(self, info: ObjectInfo) -> tuple[str, str | None]:
        data, found = self._folder.read(info.path)
        self._disk.write(info.path, data)
        return info.path, found.etag


def _batches(found: Iterable[ObjectInfo]) -> Iterator[list[ObjectInfo]]:
    stream = iter(found)
    while batch := list(islice(stream, _BATCH)):
        yield batch
