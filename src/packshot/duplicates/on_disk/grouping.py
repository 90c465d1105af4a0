"""Groups of duplicates among any number of pictures, one connected set of them in memory at a time."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.connected import Connected
from packshot.duplicates.groups import Copy, group_duplicates
from packshot.duplicates.match import CopyKind, PairMatch
from packshot.duplicates.on_disk.sorting import ROWS_IN_MEMORY, DiskSort

__all__ = ["CopyGroup", "GroupingOnDisk", "Verdict", "Verify"]

_KINDS = tuple(CopyKind)
_VERDICT = np.dtype(
    [("later", "<u4"), ("earlier", "<u4"), ("kind", "u1"), ("plainer", "i1"), ("score", "<f8"), ("same", "<f8")]
)
_NEITHER = -1  # of two is plainer
_AT_ONCE = 100_000  # verdicts read

#: Verifies a pair by the numbers of its pictures, the earlier one first; None: they cannot be laid on each other.
Verify = Callable[[int, int], PairMatch | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a pair of pictures.

    Attributes:
        later: number of the later picture.
        earlier: number of the earlier one.
        match: of the later with the earlier one; None where they cannot be laid on each other.
    """

    later: int
    earlier: int
    match: PairMatch | None


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """Two or more duplicates, by the numbers of their pictures; see `Group`.

    Attributes:
        pictures: the best copy first, then by score.
        kinds: how each differs from the best copy; None for the best copy itself.
        scores: 0..1, how sure that is.
    """

    pictures: tuple[int, ...]
    kinds: tuple[CopyKind | None, ...]
    scores: tuple[float, ...]


class GroupingOnDisk:
    """Takes verdicts, and gives the groups that `group_duplicates` would make of them.

    Pictures with the same pixels are one picture there: each is told of by one verdict, with the first of them.
    Memory holds one connected set of pictures; 4 bytes a picture lie in a file that the system maps into memory.

    Args:
        folder: on this machine's disk.
        pictures: how many there are, below 2**32.
        in_memory: pairs of numbers in memory; see `DiskSort`.
    """

    def __init__(self, folder: Path, pictures: int, *, in_memory: int = ROWS_IN_MEMORY) -> None:
        self._folder, self._in_memory = folder, in_memory
        self._verdicts = folder / "verdicts"
        heads = np.memmap(folder / "heads", np.uint32, "w+", shape=(max(pictures, 1),))
        for start in range(0, pictures, in_memory):
            heads[start : start + in_memory] = np.arange(start, min(start + in_memory, pictures))
        self._connected = Connected(heads)

    def add(self, verdicts: Iterable[Verdict]) -> None:
        """Some verdicts more."""
        with self._verdicts.open("ab") as file:
            for verdict in verdicts:
                if verdict.match is not None:
                    file.write(_packed(verdict.later, verdict.earlier, verdict.match).tobytes())
                    if verdict.match.duplicate:
                        self._connected.join(verdict.later, verdict.earlier)

    def groups(self, facts: Callable[[int], Copy], verify: Verify) -> Iterator[CopyGroup]:
        """All groups, in the order of their first pictures; once.

        Args:
            facts: what ranks a picture, by its number.
            verify: of pairs there is no verdict on.
        """
        order = DiskSort(self._folder, "group-order", in_memory=self._in_memory)
        with (self._folder / "groups").open("w+b") as file:
            for pairs in self._sets():
                for group in _grouped(pairs, facts, verify):
                    order.add([min(group.pictures)], [file.tell()])
                    file.write(json.dumps([group.pictures, group.kinds, group.scores]).encode("ascii") + b"\n")
            for block in order.blocks():
                for place in block[:, 1].tolist():
                    file.seek(place)
                    pictures, kinds, scores = json.loads(file.readline())
                    found = tuple(None if kind is None else CopyKind(kind) for kind in kinds)
                    yield CopyGroup(tuple(pictures), found, tuple(scores))

    def _sets(self) -> Iterator[dict[tuple[int, int], PairMatch]]:
        """The verdicts on pairs of each connected set; earlier picture first."""
        sets = DiskSort(self._folder, "sets", in_memory=self._in_memory)
        total = self._verdicts.stat().st_size // _VERDICT.itemsize if self._verdicts.exists() else 0
        for start in range(0, total, _AT_ONCE):
            for number, verdict in enumerate(self._read(start, _AT_ONCE), start=start):
                head = self._connected.head(int(verdict["later"]))
                if head == self._connected.head(int(verdict["earlier"])):
                    sets.add([head], [number])
        rows = (row for block in sets.blocks() for row in block.tolist())
        for _, same in itertools.groupby(rows, key=lambda row: row[0]):
            yield dict(_unpacked(self._read(number, 1)[0]) for _, number in same)

    def _read(self, start: int, number: int) -> NDArray[np.void]:
        return np.fromfile(self._verdicts, _VERDICT, count=number, offset=start * _VERDICT.itemsize)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """What ranks a picture, and its place among those that it is grouped with."""

    place: int
    size: tuple[int, int]
    detail: float
    roughness: float


def _grouped(pairs: dict[tuple[int, int], PairMatch], facts: Callable[[int], Copy], verify: Verify) -> list[CopyGroup]:
    """The groups of one connected set; copies with the same pixels stand where the first of them does."""
    copies: dict[int, list[int]] = {}
    for first, later in sorted(pair for pair, match in pairs.items() if match.kind is CopyKind.EXACT):
        copies.setdefault(first, []).append(later)
    others = {pair: match for pair, match in pairs.items() if match.kind is not CopyKind.EXACT}
    different = sorted({*copies, *itertools.chain.from_iterable(others)})
    places = {picture: place for place, picture in enumerate(different)}
    ranked = [
        _Ranked(place, known.size, known.detail, known.roughness) for place, known in enumerate(map(facts, different))
    ]
    found = group_duplicates(
        ranked,
        {(places[one], places[other]): match for (one, other), match in others.items()},
        match=lambda one, other: verify(different[one.place], different[other.place]),
    )
    groups: list[CopyGroup] = []
    alone = set(copies)
    for group in found:
        best = different[group.best]
        entries: list[tuple[float, int, CopyKind | None]] = []
        for member in group.members:
            picture = different[member.place]
            alone.discard(picture)
            entries.append((member.score, picture, member.kind))
            entries += [(member.score, copy, member.kind or CopyKind.EXACT) for copy in copies.get(picture, ())]
        entries.sort(key=lambda entry: (entry[1] != best, -entry[0], entry[1]))
        groups.append(_group(entries))
    groups += [
        _group([(1.0, first, None), *((1.0, copy, CopyKind.EXACT) for copy in copies[first])]) for first in alone
    ]
    return groups


def _group(entries: list[tuple[float, int, CopyKind | None]]) -> CopyGroup:
    scores, pictures, kinds = zip(*entries, strict=True)
    return CopyGroup(pictures, kinds, scores)


def _packed(later: int, earlier: int, match: PairMatch) -> NDArray[np.void]:
    plainer = _NEITHER if match.plainer is None else match.plainer
    row = (later, earlier, _KINDS.index(match.kind), plainer, match.score, match.same)
    return np.array([row], _VERDICT)


def _unpacked(row: np.void) -> tuple[tuple[int, int], PairMatch]:
    plainer = None if row["plainer"] == _NEITHER else int(row["plainer"])
    match = PairMatch(float(row["score"]), _KINDS[row["kind"]], float(row["same"]), plainer)
    return (int(row["earlier"]), int(row["later"])), match.reversed()
