"""At a run's end: the rows of all shards become one manifest, as JSON lines and as Parquet, and a report."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from packshot.records import MANIFEST, Record
from packshot.sharded.entries import Row
from packshot.sharded.plan import Plan
from packshot.sharded.report import PagedReport
from packshot.values import Status

__all__ = ["Merged", "merge", "pieces_of_file"]

TABLE = "manifest.parquet"
_PIECE_BYTES = 1_000_000


@dataclass(slots=True)
class Merged:
    """What the manifest holds.

    Attributes:
        photos: lines.
        statuses: how many photos came to what.
        reasons: error codes and reasons for a review, of how many photos.
        without_picture: photos of which a profile's picture could not be made.
    """

    photos: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    without_picture: int = 0

    @property
    def failed(self) -> int:
        """Photos without a picture."""
        return self.statuses[Status.FAILED.value]

    def count(self, record: Record) -> None:
        """One more."""
        self.photos += 1
        self.statuses[record.status.value] += 1
        self.reasons.update(record.review if record.error is None else (record.error.code,))
        failed = [picture.status is Status.FAILED for picture in record.packshots.values()]
        self.without_picture += any(failed) and not all(failed)


def merge(
    plan: Plan, scratch: Path, *, settle: Callable[[Row], Row], finish: Callable[[Record], Record] | None
) -> Merged:
    """Write the manifest; every shard is finished.

    Args:
        plan: of the output folder.
        scratch: folder on this machine's disk; the table is written there first.
        settle: gives a row's record what persons decided of it.
        finish: adds to a record what follows from it alone.

    Raises:
        OutputError: it cannot be written; the one before stays.
    """
    merged, report = Merged(), PagedReport(plan.folder, scratch)

    def records() -> Iterator[Record]:
        for row in map(settle, plan.rows()):
            if row.record is not None:
                record = row.record if finish is None else finish(row.record)
                merged.count(record)
                report.add(row.stem, record, set(row.outputs))
                yield record

    with _table(scratch / TABLE) as add:
        plan.folder.write_stream(MANIFEST, _pieces(_seen(records(), add)), content_type="application/x-ndjson")
    if (scratch / TABLE).exists():
        plan.folder.write_stream(TABLE, pieces_of_file(scratch / TABLE), content_type="application/vnd.apache.parquet")
    report.finish(merged.photos, merged.statuses)
    return merged


@contextlib.contextmanager
def _table(path: Path) -> Iterator[Callable[[Record], None]]:
    """Writes rows of the Parquet table; nothing where pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        yield lambda _: None
        return
    from packshot.sharded.parquet import MANIFEST_COLUMNS, ParquetTable, manifest_row  # noqa: PLC0415  # needs the extra

    with ParquetTable(path, MANIFEST_COLUMNS) as table:
        yield lambda record: table.add(manifest_row(record))


def _seen(records: Iterator[Record], see: Callable[[Record], None]) -> Iterator[Record]:
    for record in records:
        see(record)
        yield record


def pieces_of_file(path: Path) -> Iterator[bytes]:
    """A file of this machine's disk, as an object is written."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _pieces(records: Iterator[Record]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for record in records:
        held.append(record.to_json().encode("ascii") + b"\n")
        size += len(held[-1])
        if size >= _PIECE_BYTES:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
