"""The lines of a run's manifest, as far as a reviewer is concerned."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from packshot.errors import UsageError
from packshot.records import Record, read_manifest
from packshot.review.decision import FrameShown, Node, Seen
from packshot.storage.hashing import sha256_of_file
from packshot.values import Status

__all__ = ["Records", "seen_of"]


class Records:
    """A run's results by the name of their photo.

    Args:
        manifest: the file.

    Raises:
        UsageError: it is not there, or a line is none of `packshot run`'s.
    """

    def __init__(self, manifest: Path) -> None:
        self._manifest = manifest
        self._by_source: dict[str, Record] = {}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        remedy = "repeat `packshot run`: it writes the manifest anew"
        try:
            for record in read_manifest(manifest):
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
            many = f"{len(found)} photos of {self._manifest} end like this, {', '.join(found[:3])}"
            raise UsageError(
                f"{source}: {many if found else f'no such photo in {self._manifest}'}",
                remedy="give more of the path" if found else "see `packshot review list OUT --all`",
            )
        record = self._by_source[found[0]]
        if not _is_open(record):
            reason = record.error.message if record.error is not None else "it has no result"
            raise UsageError(
                f"{found[0]}: nothing can be decided ({reason})", remedy="mend the file and repeat `packshot run`"
            )
        return record


def seen_of(record: Record, out: Path | None) -> Seen:
    """What a reviewer is shown of a photo.

    Args:
        record: its line of the manifest.
        out: the output folder, whose files are read; None to leave them out.
    """
    frame = record.frame
    path = tuple(Node(node.id, node.name) for node in (record.category.path if record.category is not None else ()))
    files: dict[str, str] = {}
    for which, file in (("mask", record.mask), ("packshot", record.packshot)):
        if out is not None and file is not None:
            with contextlib.suppress(OSError):  # a file that was deleted is not seen
                files[which] = sha256_of_file(out / file)
    return Seen(
        photo=record.sha256 or "",
        category=path or None,
        frame=None
        if frame is None
        else FrameShown(framed=frame.framed, box=frame.inner_box if frame.framed else None, removed=frame.removed),
        **files,
    )


def _is_open(record: Record) -> bool:
    """Whether a person can say anything: there is a picture, or one in which nothing was found to cut out."""
    empty = record.error is not None and record.error.code == "NothingToCutOut"
    return record.sha256 is not None and (record.status is not Status.FAILED or empty)


def _parts(source: str) -> tuple[str, ...]:
    return PurePosixPath(source.replace("\\", "/")).parts or (source,)
