"""Candidates among any number of pictures, in files: those that `KnownPictures` finds, without the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.known_pictures import BY_HASH
from packshot.duplicates.on_disk.near_hashes import NearHashes
from packshot.duplicates.on_disk.shared_features import SharedFeatures
from packshot.duplicates.on_disk.sorting import ROWS_IN_MEMORY, DiskSort
from packshot.duplicates.sketch import Sketch

__all__ = ["DiskCandidates"]

_DISTANCE = 40  # lowest bits of the number a picture has where distances are sorted


class DiskCandidates:
    """Takes sketches of different pictures, and gives the pairs to be verified.

    Memory holds a fixed number of features and hashes, whatever the number of pictures; about 20 kB of disk a picture.

    Args:
        folder: on this machine's disk; what is written there is removed by whoever made the folder.
        in_memory: pairs of numbers in memory; see `DiskSort`.
    """

    def __init__(self, folder: Path, *, in_memory: int = ROWS_IN_MEMORY) -> None:
        self._folder, self._in_memory = folder, in_memory
        self._features = SharedFeatures(folder, in_memory=in_memory)
        self._hashes = DiskSort(folder, "hashes", in_memory=in_memory)
        self._pictures = 0

    def add(self, picture: int, sketch: Sketch) -> None:
        """The next picture.

        Args:
            picture: its number, greater than those before, below 2**32.
            sketch: of it.
        """
        self._features.add(picture, sketch.codes)
        self._hashes.add([picture], [sketch.hash])
        self._pictures += 1

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Every pair of candidates, each once, in the order of the later picture, then of the earlier one; once.

        Yields:
            The later picture and the earlier one.
        """
        pairs = DiskSort(self._folder, "pairs", in_memory=self._in_memory)
        for later, earlier in self._features.candidates():
            pairs.add(later, earlier)
        for later, earlier in self._near():
            pairs.add(later, earlier)
        last: tuple[int, int] | None = None
        for block in pairs.blocks():
            for one, other in block.tolist():
                if (one, other) != last:
                    last = (one, other)
                    yield last

    def _near(self) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint64]]]:
        """Of each picture the few earlier ones with the nearest hashes."""
        path = self._folder / "hashes"
        with path.open("wb") as file:
            for block in self._hashes.blocks():
                file.write(block.tobytes())
        nearest = DiskSort(self._folder, "nearest", in_memory=self._in_memory)
        for start in range(0, self._pictures, self._in_memory):
            known = _rows(path, start, self._in_memory)
            hashes = NearHashes(known[:, 0], known[:, 1])
            for asked in range(start, self._pictures, self._in_memory):
                for picture, bits in _rows(path, asked, self._in_memory).tolist():
                    found, distances = hashes.nearest(picture, bits)
                    ranked = distances.astype(np.uint64) << np.uint64(_DISTANCE) | found
                    nearest.add(np.full(len(found), picture, np.uint64), ranked)
        # The nearest of all blocks: by distance, then by number.
        last, taken = -1, 0
        for block in nearest.blocks():
            chosen: list[tuple[int, int]] = []
            for picture, ranked in block.tolist():
                taken = taken + 1 if picture == last else 1
                last = picture
                if taken <= BY_HASH:
                    chosen.append((picture, ranked & (1 << _DISTANCE) - 1))
            columns = np.array(chosen, np.uint64).reshape(-1, 2)
            yield columns[:, 0], columns[:, 1]


def _rows(path: Path, start: int, number: int) -> NDArray[np.uint64]:
    return np.fromfile(path, np.uint64, count=2 * number, offset=16 * start).reshape(-1, 2)
