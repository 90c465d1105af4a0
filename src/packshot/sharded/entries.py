"""One photo of a plan, and one finished photo: a line of JSON each, in shards of about 2,000."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from packshot.errors import UsageError
from packshot.records import Record, read_record
from packshot.storage.objects import ObjectFolder

__all__ = ["PhotoEntry", "Row", "lines_of", "read_entries", "read_rows"]

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class PhotoEntry:
    """One photo of a plan.

    Attributes:
        source: its URI.
        stem: where its results lie, a path without suffix.
        size: bytes, as it was listed; None where a table named it.
        etag: as it was listed; None where a table named it.
        gone: that a photo of an earlier plan is not there any more; it has no other values.
        attempts: how often it was tried before.
    """

    source: str
    stem: str
    size: int | None = None
    etag: str | None = None
    gone: bool = False
    attempts: int = 0

    def row(self) -> dict[str, object]:
        """Plain JSON values; what says nothing is left out."""
        row: dict[str, object] = {"source": self.source, "stem": self.stem}
        listed = {"size": self.size, "etag": self.etag, "gone": self.gone or None, "attempts": self.attempts or None}
        return row | {key: value for key, value in listed.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one photo of a plan.

    Attributes:
        source: its URI.
        stem: where its results lie.
        record: its line of the manifest; None of a photo that is gone.
        outputs: path of each object that was written to its SHA-256.
        attempts: how often it was tried.
        etag: of the object that was read.
        sketch: by which its duplicates are found, see `packshot.duplicates.Sketch`; None of a photo that failed, or
            where an earlier packshot wrote the row.
    """

    source: str
    stem: str
    record: Record | None
    outputs: dict[str, str] = field(default_factory=dict)
    attempts: int = 1
    etag: str | None = None
    sketch: str | None = None

    def row(self) -> dict[str, object]:
        """Plain JSON values."""
        if self.record is None:
            return {"source": self.source, "stem": self.stem, "gone": True}
        row: dict[str, object] = {"source": self.source, "stem": self.stem, "etag": self.etag}
        sketch = {} if self.sketch is None else {"sketch": self.sketch}
        return {**row, **sketch, "attempts": self.attempts, "outputs": self.outputs, "record": self.record.row()}


def lines_of(rows: Iterable[PhotoEntry | Row]) -> bytes:
    """A shard as an object holds it."""
    return b"".join(json.dumps(row.row(), allow_nan=False).encode("ascii") + b"\n" for row in rows)


def read_entries(folder: ObjectFolder, path: str) -> list[PhotoEntry]:
    """The photos of a shard.

    Raises:
        ObjectNotFound: there is no such object.
        UsageError: the object is something else.
    """
    return _read(folder, path, lambda row: PhotoEntry(**{"stem": "", **row}))


def read_rows(folder: ObjectFolder, path: str) -> list[Row]:
    """The finished photos of a shard, or of a part of one.

    Raises:
        ObjectNotFound: there is no such object.
        UsageError: the object is something else, or a newer packshot wrote it.
    """
    return _read(folder, path, _row)


def _row(row: dict[str, Any]) -> Row:
    if row.get("gone"):
        return Row(row["source"], row["stem"], None)
    return Row(
        row["source"],
        row["stem"],
        read_record(row["record"]),
        row["outputs"],
        row["attempts"],
        row.get("etag"),
        row.get("sketch"),
    )


def _read(folder: ObjectFolder, path: str, parse: Callable[[dict[str, Any]], Line]) -> list[Line]:
    content, _ = folder.read(path)
    try:
        return [parse(json.loads(line)) for line in content.splitlines()]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"{folder.uri.child(path)} was changed by something else than packshot",
            remedy="put it back as it was, or run into another output folder",
        ) from error
