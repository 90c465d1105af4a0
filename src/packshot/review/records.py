"""The lines of a run's manifest, as far as a reviewer is concerned."""

from __future__ import annotations

import contextlib
import difflib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from packshot.batch.results import results_so_far
from packshot.counting import counted
from packshot.errors import UsageError
from packshot.records import Record
from packshot.storage.hashing import sha256_of_file
from packshot.values import Status

__all__ = ["FileHashes", "Records"]

_COMPARED = 20_000  # names that a slip of the pen is looked for in, which takes a second
_LISTED = "see `packshot review list OUT --all`"


class Records:
    """A run's results by the name of their photo, as far as it has come.

    Args:
        manifest: the file, in the output folder; it need not be there before the first run's end.

    Raises:
        UsageError: there is no result, or a line is none of `packshot run`'s.
    """

    def __init__(self, manifest: Path) -> None:
        self._manifest = manifest
        self._by_source: dict[str, Record] = {}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        remedy = "repeat `packshot run`: it writes the manifest anew"
        try:
            for record in results_so_far(manifest.parent):
                self._by_source[record.source] = record
        except FileNotFoundError as error:
            raise UsageError(
                f"{manifest.parent} holds no {manifest.name}", remedy="name the folder `packshot run ... -o` wrote to"
            ) from error
        except (OSError, ValueError) as error:
            raise UsageError(f"{manifest}: cannot be read as a manifest ({error})", remedy=remedy) from error
        for source in self._by_source:
            self._by_name[_parts(source)[-1]].append(source)

    def __iter__(self) -> Iterator[Record]:
        return (record for record in self._by_source.values() if _is_open(record))

    def __len__(self) -> int:
        return len(self._by_source)

    @property
    def every(self) -> tuple[Record, ...]:
        """All results, also of photos of which nothing can be decided."""
        return tuple(self._by_source.values())

    def named(self, source: str) -> list[str]:
        """The photos of that name, or whose path ends like that."""
        if source in self._by_source:
            return [source]
        end = _parts(source)
        return [whole for whole in self._by_name.get(end[-1], ()) if _parts(whole)[-len(end) :] == end]

    def one(self, source: str) -> Record:
        """The record of a photo.

        Raises:
            UsageError: no photo or several end like this, or nothing can be decided of it.
        """
        found = self.named(source)
        if len(found) != 1:
            some = ", ".join(found[:3]) + (", ..." if len(found) > 3 else "")
            many = f"{counted(len(found), 'photo')} of {self._manifest} end like this, {some}"
            raise UsageError(
                f"{source}: {many if found else f'no such photo in {self._manifest}'}",
                remedy="give more of the path" if found else self._alike(source) + _LISTED,
            )
        record = self._by_source[found[0]]
        if not _is_open(record):
            reason = record.error.message if record.error is not None else "it has no result"
            raise UsageError(
                f"{found[0]}: nothing can be decided ({reason})", remedy="mend the file and repeat `packshot run`"
            )
        return record

    def _alike(self, source: str) -> str:
        """Photos that may be meant: called alike but for suffix, capitals or a slip of the pen."""
        stem = _stem(_parts(source)[-1])
        alike = [name for name in self._by_name if stem in {_stem(name), name.casefold()}]
        if not alike and len(self._by_name) <= _COMPARED:
            alike = difflib.get_close_matches(_parts(source)[-1], list(self._by_name), n=3, cutoff=0.8)
        meant = [whole for name in alike for whole in self._by_name[name]][:3]
        return f"did you mean {' or '.join(meant)}? If not, " if meant else ""


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.casefold()


class FileHashes:
    """SHA-256 of the files that a run made. A file is read again when it was replaced or changed, not every time.

    Args:
        out: the run's output folder.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._known: dict[str, tuple[tuple[int, int, int], str]] = {}

    def of(self, record: Record) -> dict[str, str]:
        """Of a photo's mask and finished picture, by their paths below the output folder; of those that are there."""
        found: dict[str, str] = {}
        for file in (record.mask, record.packshot):
            if file is not None:
                with contextlib.suppress(OSError):  # a file that was deleted is not seen
                    found[file] = self._hash(file)
        return found

    def _hash(self, file: str) -> str:
        status = (self._out / file).stat()
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        known = self._known.get(file)
        if known is None or known[0] != stamp:
            known = self._known[file] = stamp, sha256_of_file(self._out / file)
        return known[1]


def _is_open(record: Record) -> bool:
    """Whether a person can say anything: there is a picture, or one in which nothing was found to cut out."""
    empty = record.error is not None and record.error.code == "NothingToCutOut"
    return record.sha256 is not None and (record.status is not Status.FAILED or empty)


def _parts(source: str) -> tuple[str, ...]:
    return PurePosixPath(source.replace("\\", "/")).parts or (source,)
