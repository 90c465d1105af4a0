"""Rows of finished photos go to the bucket: in parts while a shard is worked on, whole when it is finished."""

from __future__ import annotations

import time
from collections.abc import Callable

from packshot.batch.resume import RETRIED
from packshot.errors import ObjectExists, OutputError
from packshot.sharded.entries import PhotoEntry, Row, lines_of
from packshot.sharded.layout import RETRIES, ROWS, part_path, shard_path
from packshot.sharded.planning import MAX_ATTEMPTS, Shard
from packshot.storage.objects import ObjectFolder

__all__ = ["ShardWriter"]

_PART_S = 10.0  # of work is lost at most when the driver is killed
_PART_ROWS = 500


class ShardWriter:
    """The shards in hand; memory holds their rows and no others.

    Args:
        folder: the output folder.
        check_lease: called before each write; raises where the folder is not ours any more.
    """

    def __init__(self, folder: ObjectFolder, check_lease: Callable[[], None]) -> None:
        self._folder, self._check_lease = folder, check_lease
        self._shards: dict[str, Shard] = {}
        self._parts: dict[str, int] = {}
        self._pending: dict[str, list[Row]] = {}
        self._written = time.monotonic()

    def open(self, shard: Shard) -> list[PhotoEntry]:
        """Begin a shard, or go on with it; the photos that are left to do."""
        left = [entry for entry in shard.entries if entry.stem not in shard.rows]
        self._shards[shard.name], self._parts[shard.name] = shard, shard.parts
        self._pending[shard.name] = []
        if not left:
            self._finish(shard)
        return left

    def add(self, name: str, row: Row) -> None:
        """A photo is finished.

        Raises:
            OutputError: the row cannot be written, or another run took over.
        """
        shard = self._shards[name]
        shard.rows[row.stem] = row
        self._pending[name].append(row)
        if len(shard.rows) == len(shard.entries):
            self._finish(shard)
        elif sum(map(len, self._pending.values())) >= _PART_ROWS or time.monotonic() - self._written > _PART_S:
            self.flush()

    def flush(self) -> None:
        """Put all rows that are not there yet into parts.

        Raises:
            OutputError: they cannot be written, or another run took over.
        """
        self._check_lease()
        for name, rows in self._pending.items():
            if rows:
                self._create(part_path(name, self._parts[name]), lines_of(rows))
                self._parts[name] += 1
                rows.clear()
        self._written = time.monotonic()

    def _finish(self, shard: Shard) -> None:
        self._check_lease()
        rows = [shard.rows[entry.stem] for entry in shard.entries]
        again = [
            PhotoEntry(row.source, row.stem, attempts=row.attempts)
            for row in rows
            if row.record is not None
            and row.record.error is not None
            and row.record.error.code in RETRIED
            and row.attempts < MAX_ATTEMPTS
        ]
        if again:  # before the rows: a shard that counts as finished has said what is to be tried again
            self._folder.write(shard_path(RETRIES, shard.name), lines_of(again))
        self._create(shard_path(ROWS, shard.name), lines_of(rows))
        self._folder.delete(part_path(shard.name, number) for number in range(self._parts[shard.name]))
        del self._shards[shard.name], self._parts[shard.name], self._pending[shard.name]

    def _create(self, path: str, data: bytes) -> None:
        try:
            self._folder.create(path, data)
        except ObjectExists as other:
            raise OutputError(
                f"{self._folder.uri.child(path)} was written by another run",
                remedy="let one run at a time write there; repeat the command: what is finished is kept",
            ) from other
