"""The lines of a run's manifest, as far as a reviewer is concerned."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from packshot.durable.hashing import sha256_of_file
from packshot.errors import UsageError
from packshot.review.decision import FrameShown, Node, Seen
from packshot.review.priority import doubts

__all__ = ["Record", "Records", "seen_of"]

Record = Mapping[str, Any]
"""One line of a manifest, as `packshot.batch` writes it."""


class Records:
    """A run's results by the name of their photo.

    Args:
        manifest: the file.
        read: what reads it.

    Raises:
        UsageError: it is not there, or a line is none of `packshot run`'s.
    """

    def __init__(self, manifest: Path, read: Callable[[Path], Iterable[Record]]) -> None:
        self._manifest = manifest
        self._by_source: dict[str, Record] = {}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        remedy = "repeat `packshot run`: it writes the manifest anew"
        try:
            for line, record in enumerate(read(manifest), start=1):
                if not _is_sound(record):
                    raise UsageError(f"{manifest}, line {line}: no record of `packshot run`", remedy=remedy)
                self._by_source[record["source"]] = record
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
            reason = (record.get("error") or {}).get("message") or "it has no result"
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
    category, frame = record.get("category"), record.get("frame")
    path = tuple(Node(str(node["id"]), str(node["name"])) for node in (category or {}).get("path") or ())
    files: dict[str, str] = {}
    for which in ("mask", "packshot"):
        if out is not None and record[which] is not None:
            with contextlib.suppress(OSError):  # a file that was deleted is not seen
                files[which] = sha256_of_file(out / record[which])
    return Seen(
        photo=record["sha256"],
        category=path or None,
        frame=frame
        and FrameShown(
            framed=frame["framed"],
            box=frame["inner_box"] if frame["framed"] else None,
            removed=bool(frame.get("removed")),
        ),
        **files,
    )


def _is_open(record: Record) -> bool:
    """Whether a person can say anything: there is a picture, or one in which nothing was found to cut out."""
    lost = (record.get("error") or {}).get("code") == "NothingToCutOut"
    return record["sha256"] is not None and (record["status"] != "failed" or lost)


def _is_sound(record: Any) -> bool:
    try:
        if _is_open(record):
            doubts(record, review_above=1)
            seen_of(record, None)
        return isinstance(record["source"], str) and bool(record["source"].strip("/\\"))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return False


def _parts(source: str) -> tuple[str, ...]:
    return PurePosixPath(source.replace("\\", "/")).parts or (source,)
