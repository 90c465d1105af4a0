"""Pairs of numbers, sorted on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.values import AnyArray

__all__ = ["ROWS_IN_MEMORY", "DiskSort", "Pairs", "in_groups", "ranks"]

#: uint64 (n, 2): rows of two numbers, sorted by the first, then by the second.
Pairs = NDArray[np.uint64]

ROWS_IN_MEMORY = 2_000_000
"""Pairs that a sort keeps in memory, of 16 bytes each; sorting them takes about four times as much."""

_LEAST = 256  # pairs read from a file at once


class DiskSort:
    """Takes pairs of numbers below 2**64 in any order, and gives them back sorted.

    Memory holds a fixed number of them, whatever comes: sorted runs are written to files and merged.

    Args:
        folder: on this machine's disk; what is written there is removed by whoever made the folder.
        name: begins the files' names.
        in_memory: pairs in memory.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     numbers = DiskSort(Path(folder), "numbers", in_memory=2)
        ...     numbers.add([3, 1, 2], [0, 5, 0])
        ...     [pair for block in numbers.blocks() for pair in block.tolist()]
        [[1, 5], [2, 0], [3, 0]]
    """

    def __init__(self, folder: Path, name: str, *, in_memory: int = ROWS_IN_MEMORY) -> None:
        self._folder, self._name, self._in_memory = folder, name, in_memory
        self._runs: list[Path] = []
        self._waiting: Pairs = np.empty((in_memory, 2), np.uint64)
        self._number = 0

    def add(self, first: AnyArray | list[int], second: AnyArray | list[int]) -> None:
        """Some pairs more.

        Args:
            first: uint64 (n,).
            second: uint64 (n,).
        """
        start = 0
        while start < len(first):
            end = min(start + self._in_memory - self._number, len(first))
            rows = self._waiting[self._number : self._number + end - start]
            rows[:, 0], rows[:, 1] = first[start:end], second[start:end]
            self._number += end - start
            start = end
            if self._number == self._in_memory:
                self._put_down()

    def blocks(self) -> Iterator[Pairs]:
        """All pairs in their order, in blocks; once."""
        if not self._runs:
            if self._number:
                yield _sorted(self._waiting[: self._number])
            return
        self._put_down()
        streams = [_pieces(run, max(self._in_memory // len(self._runs), _LEAST)) for run in self._runs]
        heads = [next(stream) for stream in streams]
        while heads:
            # What is not beyond the first end of a piece is there completely.
            end = min((int(head[-1, 0]), int(head[-1, 1])) for head in heads)
            counts = [_not_beyond(head, *end) for head in heads]
            yield _sorted(np.concatenate([head[:count] for head, count in zip(heads, counts, strict=True)]))
            rest: list[Pairs] = []
            going: list[Iterator[Pairs]] = []
            for head, count, stream in zip(heads, counts, streams, strict=True):
                left = head[count:] if count < len(head) else next(stream, None)
                if left is not None:
                    rest.append(left)
                    going.append(stream)
            heads, streams = rest, going

    def _put_down(self) -> None:
        if self._number:
            path = self._folder / f"{self._name}-{len(self._runs):06}"
            _sorted(self._waiting[: self._number]).tofile(path)
            self._runs.append(path)
            self._number = 0


def in_groups(blocks: Iterable[Pairs], *, shift: int, most: int | None = None) -> Iterator[Pairs]:
    """The same pairs in blocks that end where a group ends: pairs whose first numbers agree above some bits.

    Args:
        blocks: of a `DiskSort`.
        shift: lowest bits that do not count.
        most: pairs with one first number; further ones are left out.
    """
    waiting: Pairs = np.zeros((0, 2), np.uint64)
    for block in blocks:
        together = np.concatenate([waiting, block]) if len(waiting) else block
        if most is not None:
            together = together[ranks(together[:, 0]) < most]
        groups = together[:, 0] >> np.uint64(shift)
        end = int(np.searchsorted(groups, groups[-1]))
        if end:
            yield together[:end]
        waiting = together[end:]
    if len(waiting):
        yield waiting


def ranks(column: AnyArray) -> NDArray[np.int64]:
    """The place of each value among equal ones beside it, from 0.

    Example:
        >>> ranks(np.array([7, 7, 7, 2, 9, 9])).tolist()
        [0, 1, 2, 0, 0, 1]
    """
    places = np.arange(len(column))
    begins = np.ones(len(column), bool)
    begins[1:] = column[1:] != column[:-1]
    return places - np.maximum.accumulate(np.where(begins, places, 0))


def _sorted(rows: Pairs) -> Pairs:
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]


def _not_beyond(rows: Pairs, first: int, second: int) -> int:
    """How many of sorted rows are not greater than a pair."""
    start = int(np.searchsorted(rows[:, 0], np.uint64(first), "left"))
    end = int(np.searchsorted(rows[:, 0], np.uint64(first), "right"))
    return start + int(np.searchsorted(rows[start:end, 1], np.uint64(second), "right"))


def _pieces(path: Path, size: int) -> Iterator[Pairs]:
    with path.open("rb") as file:
        while data := file.read(size * 16):
            yield np.frombuffer(data, np.uint64).reshape(-1, 2)
