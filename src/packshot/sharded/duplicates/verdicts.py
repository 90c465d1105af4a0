"""Verdicts on pairs of photos, kept in the output folder: no pair is verified twice."""

from __future__ import annotations

import heapq
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from packshot.duplicates import CopyKind, PairMatch
from packshot.errors import UsageError
from packshot.sharded.layout import DUPLICATES, generation_of, shard_name, shard_path
from packshot.storage.objects import ObjectFolder

__all__ = ["KeptVerdict", "VerdictLog"]

_PART_S = 10.0  # of work is lost at most when the command is killed
_PART_LINES = 5_000


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """The verdict on two photos.

    Attributes:
        later: URI of the later photo.
        earlier: URI of the earlier one.
        pixels: pixel hashes of both; of other pixels the verdict says nothing.
        match: of the later with the earlier one; None where they cannot be laid on each other.
    """

    later: str
    earlier: str
    pixels: tuple[str, str]
    match: PairMatch | None

    @property
    def key(self) -> tuple[str, str]:
        """What verdicts are sorted by."""
        return self.later, self.earlier

    def line(self) -> bytes:
        """A line of JSON."""
        match = self.match
        found = None if match is None else [match.score, match.kind, match.same, match.plainer]
        return json.dumps([self.later, self.earlier, *self.pixels, found]).encode("ascii") + b"\n"


class VerdictLog:
    """The verdicts of all commands; each command adds its own, in the order of the photos' URIs.

    Args:
        folder: the output folder.
        check_lease: called before each write; raises where the folder is not ours any more.
    """

    def __init__(self, folder: ObjectFolder, check_lease: Callable[[], None]) -> None:
        self._folder, self._check_lease = folder, check_lease
        self._earlier: dict[int, list[str]] = {}
        for found in folder.list(DUPLICATES):
            name = found.path.rpartition("/")[2].removesuffix(".jsonl")
            self._earlier.setdefault(generation_of(name), []).append(found.path)
        self._generation = max(self._earlier, default=0) + 1
        self._parts = 0
        self._waiting: list[bytes] = []
        self._written = time.monotonic()

    def earlier(self) -> Iterator[KeptVerdict]:
        """The verdicts of earlier commands, in the order of the later photo's URI, then of the earlier one's.

        Raises:
            UsageError: they were changed by something else.
        """
        streams = [self._lines(sorted(paths)) for paths in self._earlier.values()]
        return heapq.merge(*streams, key=lambda verdict: verdict.key)

    def add(self, verdict: KeptVerdict) -> None:
        """One more.

        Raises:
            OutputError: another run took over.
            StorageError: it cannot be written.
        """
        self._waiting.append(verdict.line())
        if len(self._waiting) >= _PART_LINES or time.monotonic() - self._written > _PART_S:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if self._waiting:
            self._check_lease()
            path = shard_path(DUPLICATES, shard_name(self._generation, self._parts))
            self._folder.create(path, b"".join(self._waiting))
            self._parts += 1
            self._waiting.clear()
        self._written = time.monotonic()

    def _lines(self, paths: list[str]) -> Iterator[KeptVerdict]:
        for path in paths:
            try:
                for line in self._folder.read(path)[0].splitlines():
                    yield _verdict(json.loads(line))
            except (TypeError, ValueError) as error:
                raise UsageError(
                    f"{self._folder.uri.child(path)} was changed by something else than packshot",
                    remedy="remove it: its pairs are verified again",
                ) from error


def _verdict(row: list[Any]) -> KeptVerdict:
    later, earlier, one, other, found = row
    match = None
    if found is not None:
        score, kind, same, plainer = found
        match = PairMatch(score, CopyKind(kind), same, plainer)
    return KeptVerdict(later, earlier, (one, other), match)
