"""Pictures that share local features, found by sorting the features: candidates without comparing every pair.

The same scores as `CandidateIndex.count`, for any number of pictures. A feature's code is sorted once by each of its
four words of 16 bits; only features with one word are compared. Where a word is crowded, longer ones are taken, bit by
bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import comb
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.candidate_index import CROWD, NEAR, TABLES, WORD_BITS
from packshot.duplicates.known_pictures import BY_FEATURES, LEADING, LEAST_SHARED
from packshot.duplicates.on_disk.sorting import ROWS_IN_MEMORY, DiskSort, Pairs, in_groups, ranks
from packshot.values import AnyArray

__all__ = ["SharedFeatures", "near_bits"]

_BITS = 64
_PHOTO = 17  # lowest bits of a feature's name: 16 of its number, and whether it was mirrored
_CHANCE = 8.0  # features that a feature may be near to by chance
# A group holds a word and the opposite one, which the mirrored picture has.
_CROWD = 2 * CROWD


def near_bits(features: int) -> int:
    """Bits of 64 in which two features of one place may differ, among so many features.

    As in the search in memory, as long as a code has few others so near by chance; fewer where there are millions of
    pictures.

    Args:
        features: of all pictures.

    Example:
        >>> near_bits(256 * 1_000), near_bits(256 * 10_000_000)
        (14, 9)
    """
    for bits in range(NEAR, 0, -1):
        chance = sum(comb(_BITS, wrong) for wrong in range(bits + 1)) / 2**_BITS
        if features * chance <= _CHANCE:
            return bits
    return 1


class SharedFeatures:
    """The features of all pictures.

    Args:
        folder: on this machine's disk.
        in_memory: pairs of numbers in memory.
    """

    def __init__(self, folder: Path, *, in_memory: int = ROWS_IN_MEMORY) -> None:
        self._folder, self._in_memory = folder, in_memory
        self._tables = [DiskSort(folder, f"features-{table}", in_memory=in_memory // TABLES) for table in range(TABLES)]
        self._features = 0

    def add(self, picture: int, bits: NDArray[np.uint64]) -> None:
        """Add a picture.

        Args:
            picture: its number, below 2**40.
            bits: uint64 (n,), of `candidate_index.codes`.
        """
        self._features += len(bits)
        names = np.uint64(picture << _PHOTO) | (np.arange(len(bits), dtype=np.uint64) << np.uint64(1))
        for number, table in enumerate(self._tables):
            word_first = _rotated(bits, _BITS - WORD_BITS * (number + 1))
            mirrored = word_first >> np.uint64(_BITS - 1)
            table.add(np.where(mirrored > 0, ~word_first, word_first), names | mirrored)

    def candidates(self) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint64]]]:
        """Of each picture the earlier ones that share most with it.

        Yields:
            uint64 (n,) twice: pictures, and as many earlier ones.
        """
        shared = DiskSort(self._folder, "shared", in_memory=self._in_memory)
        near = near_bits(self._features)
        for table in self._tables:
            for group in in_groups(table.blocks(), shift=_BITS - WORD_BITS, most=_CROWD + 1):
                for later, earlier in _near(group, near):
                    mirrored = (later ^ earlier) & np.uint64(1)
                    shared.add(later & ~np.uint64(1) | mirrored, earlier >> np.uint64(_PHOTO))
        for block in in_groups(shared.blocks(), shift=_PHOTO):
            yield _sharing_most(block)


def _rotated(bits: NDArray[np.uint64], by: int) -> NDArray[np.uint64]:
    if by == 0:
        return bits
    return bits << np.uint64(by) | bits >> np.uint64(_BITS - by)


def _near(group: Pairs, near: int) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint64]]]:
    """The names of features of two pictures that are near each other, the later picture's first."""
    spans = np.array(_spans(group[:, 0], 0, WORD_BITS), np.int64).reshape(-1, 2)
    sizes = spans[:, 1] - spans[:, 0]
    ends = np.repeat(np.cumsum(sizes), sizes)
    places = np.repeat(spans[:, 1], sizes) - ends + np.arange(len(ends))
    order = np.lexsort((group[places, 1], ends))
    codes, names = group[places[order], 0], group[places[order], 1]
    one = np.arange(len(codes))
    for apart in range(1, int(sizes.max(initial=0))):
        one = one[one + apart < ends[one]]
        other = one + apart
        found = np.bitwise_count(codes[one] ^ codes[other]) <= near
        earlier, later = names[one[found]], names[other[found]]
        two = earlier >> np.uint64(_PHOTO) != later >> np.uint64(_PHOTO)
        yield later[two], earlier[two]


def _spans(codes: NDArray[np.uint64], first: int, bits: int) -> list[tuple[int, int]]:
    """Where codes agree in their first bits, in as many more as it takes until no span is crowded.

    Codes that agree in all bits and are still crowded say nothing, as stop words do.
    """
    words = codes >> np.uint64(_BITS - bits)
    edges = [0, *(np.flatnonzero(words[1:] != words[:-1]) + 1).tolist(), len(codes)]
    found: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        if end - start <= _CROWD:
            found.append((first + start, first + end))
        elif bits < _BITS:
            found += _spans(codes[start:end], first + start, bits + 1)
    return found


def _sharing_most(rows: Pairs) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Of each picture those that it shares most with, as `KnownPictures` chooses them."""
    rows = rows[np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)])]
    _, of_feature, shared = np.unique(rows[:, 0], return_inverse=True, return_counts=True)
    weights = 1 / np.sqrt(shared[of_feature])
    picture, other, mirrored = rows[:, 0] >> np.uint64(_PHOTO), rows[:, 1], rows[:, 0] & np.uint64(1)
    order = np.lexsort((other, mirrored, picture))
    picture, other, mirrored = picture[order], other[order], mirrored[order]
    starts = _changes(picture, other, mirrored)
    scores = np.bincount(np.cumsum(starts) - 1, weights=weights[order])
    picture, other = picture[starts], other[starts]
    # The better of as it is and mirrored, then what shares most with each picture first.
    order = np.lexsort((-scores, other, picture))
    picture, other, scores = picture[order], other[order], scores[order]
    starts = _changes(picture, other)
    picture, other, scores = picture[starts], other[starts], scores[starts]
    order = np.lexsort((other, -scores, picture))
    picture, other, scores = picture[order], other[order], scores[order]
    rank = ranks(picture)
    most = scores[np.arange(len(rank)) - rank]
    chosen = (rank < BY_FEATURES) & (scores >= np.maximum(LEAST_SHARED, LEADING * most))
    return picture[chosen], other[chosen]


def _changes(*columns: AnyArray) -> NDArray[np.bool_]:
    """Where a row differs from the one before."""
    changed = np.ones(len(columns[0]), bool)
    if len(changed):
        changed[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return changed
