"""What is left to do: photos of unfinished shards first, then those a listing finds new, changed or gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from packshot.sharded.decided import ShardDecisions
from packshot.sharded.entries import PhotoEntry, Row, read_rows
from packshot.sharded.layout import PARTS
from packshot.sharded.plan import Known, Plan

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


def unfinished(plan: Plan, decided: ShardDecisions) -> Iterator[Shard]:
    """The shards of earlier commands that were not finished; rows that are not what was decided count as not done.

    Args:
        plan: of the output folder.
        decided: of photos by persons.
    """
    done = plan.finished()
    for name in plan.shards():
        if name not in done:
            rows: dict[str, Row] = {}
            parts = 0
            for part in plan.folder.list(f"{PARTS}/{name}"):
                rows |= {row.stem: row for row in read_rows(plan.folder, part.path)}
                parts = int(part.path.rpartition("/")[2].removesuffix(".jsonl")) + 1
            done_so = {stem: row for stem, row in rows.items() if not decided.outdates(row)}
            yield Shard(name, plan.entries(name), done_so, parts)


def find_new(plan: Plan, listed: Iterable[PhotoEntry], *, decided: ShardDecisions, size: int) -> Iterator[Shard]:
    """Make shards of what a listing has and the plan has not, or has otherwise; of what is gone or was decided.

    Rows are read only where anything was ever decided: they say whether pictures are what was decided.

    Args:
        plan: of the output folder.
        listed: the photos there are now, in the order of their URIs.
        decided: of photos by persons.
        size: photos of a shard.
    """
    entries: list[PhotoEntry] = []
    number = 0
    for entry in _changes(plan.known(with_rows=not decided.is_empty), listed, decided):
        entries.append(entry)
        if len(entries) == size:
            yield Shard(plan.add_shard(number, entries), entries, {})
            entries, number = [], number + 1
    if entries:
        yield Shard(plan.add_shard(number, entries), entries, {})


def _changes(known: Iterator[Known], listed: Iterable[PhotoEntry], decided: ShardDecisions) -> Iterator[PhotoEntry]:
    before = next(known, None)
    for now in listed:
        while before is not None and before.source < now.source:
            yield from _gone(before.entry)
            before = next(known, None)
        if before is None or before.source != now.source:
            yield now
            continue
        then = before.entry
        is_new = then.gone or (then.etag, then.size) != (now.etag, now.size)
        if is_new or (before.row is not None and decided.outdates(before.row)):
            yield now
        elif 0 < then.attempts < MAX_ATTEMPTS:
            yield replace(now, attempts=then.attempts)
        before = next(known, None)
    while before is not None:
        yield from _gone(before.entry)
        before = next(known, None)


def _gone(entry: PhotoEntry) -> Iterator[PhotoEntry]:
    if not entry.gone:
        yield PhotoEntry(entry.source, entry.stem, gone=True)
