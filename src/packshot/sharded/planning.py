"""What is left to do: photos of unfinished shards first, then those a listing finds new, changed or gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from packshot.sharded.entries import PhotoEntry, Row, read_rows
from packshot.sharded.layout import PARTS
from packshot.sharded.plan import Plan

__all__ = ["Shard", "find_new", "unfinished"]

MAX_ATTEMPTS = 3
"""So often a photo is tried that ended its worker, or took too long; then it is set aside."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard that is being worked on.

    Attributes:
        name: in the plan.
        entries: its photos.
        rows: those that are finished, by their stems.
        parts: how many objects hold them.
    """

    name: str
    entries: list[PhotoEntry]
    rows: dict[str, Row]
    parts: int = 0


def unfinished(plan: Plan) -> Iterator[Shard]:
    """The shards of earlier commands that were not finished."""
    done = plan.finished()
    for name in plan.shards():
        if name not in done:
            rows: dict[str, Row] = {}
            parts = 0
            for part in plan.folder.list(f"{PARTS}/{name}"):
                rows |= {row.stem: row for row in read_rows(plan.folder, part.path)}
                parts = int(part.path.rpartition("/")[2].removesuffix(".jsonl")) + 1
            yield Shard(name, plan.entries(name), rows, parts)


def find_new(plan: Plan, listed: Iterable[PhotoEntry], *, size: int) -> Iterator[Shard]:
    """Make shards of what a listing has and the plan has not, or has otherwise; and of what is gone.

    Args:
        plan: of the output folder.
        listed: the photos there are now, in the order of their URIs.
        size: photos of a shard.
    """
    entries: list[PhotoEntry] = []
    number = 0
    for entry in _changes(plan.known(), listed):
        entries.append(entry)
        if len(entries) == size:
            yield Shard(plan.add_shard(number, entries), entries, {})
            entries, number = [], number + 1
    if entries:
        yield Shard(plan.add_shard(number, entries), entries, {})


def _changes(known: Iterator[PhotoEntry], listed: Iterable[PhotoEntry]) -> Iterator[PhotoEntry]:
    before = next(known, None)
    for now in listed:
        while before is not None and before.source < now.source:
            if not before.gone:
                yield PhotoEntry(before.source, before.stem, gone=True)
            before = next(known, None)
        if before is None or before.source != now.source:
            yield now
            continue
        if before.gone or (before.etag, before.size) != (now.etag, now.size):
            yield now
        elif 0 < before.attempts < MAX_ATTEMPTS:
            yield replace(now, attempts=before.attempts)
        before = next(known, None)
    while before is not None:
        if not before.gone:
            yield PhotoEntry(before.source, before.stem, gone=True)
        before = next(known, None)
