"""Pictures with a perceptual hash near one of a picture's eight positions, by the words of the hash.

Source: M. Norouzi, A. Punjani, D. Fleet, "Fast Search in Hamming Space with Multi-Index Hashing" (2012): of two hashes
that differ in at most 10 bits, one of four words differs in at most 2.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.known_pictures import BY_HASH, NEAR_HASH
from packshot.duplicates.on_disk.sorting import ranks
from packshot.duplicates.perceptual_hash import symmetries

__all__ = ["NearHashes"]

_WORDS, _BITS = 4, 16
_WRONG = NEAR_HASH // _WORDS  # bits of one word


class NearHashes:
    """The hashes of some pictures, in memory.

    Args:
        pictures: uint64 (n,), numbers of pictures, ascending.
        hashes: uint64 (n,), of `perceptual_hash`.
    """

    def __init__(self, pictures: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> None:
        # Of pictures with one hash the first few are the only ones that can be among the nearest few.
        order = np.lexsort((pictures, hashes))
        self._pictures, self._hashes = pictures[order], hashes[order]
        few = ranks(self._hashes) < BY_HASH
        self._pictures, self._hashes = self._pictures[few], self._hashes[few]
        self._tables = [self._table(word) for word in range(_WORDS)]

    def nearest(self, picture: int, bits: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The few earlier pictures with the nearest hashes, if they are near: in at most 10 bits of 64.

        Args:
            picture: number of the new one.
            bits: its hash.

        Returns:
            uint64 (n,), the pictures, nearest first, of equals the earlier one; int64 (n,), bits in which each differs.
        """
        positions = symmetries(bits)
        places = np.unique(np.concatenate([self._probed(word, positions) for word in range(_WORDS)]))
        places = places[self._pictures[places] < picture]
        distances = np.bitwise_count(positions[:, None] ^ self._hashes[places][None]).min(axis=0, initial=64)
        near = distances <= NEAR_HASH
        others, distances = self._pictures[places[near]], distances[near].astype(np.int64)
        order = np.lexsort((others, distances))[:BY_HASH]
        return others[order], distances[order]

    def _table(self, word: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The places sorted by one word of their hashes, and where each word begins."""
        words = _word(self._hashes, word)
        order = np.argsort(words, kind="stable")
        starts = np.searchsorted(words[order], np.arange(2**_BITS + 1))
        return order, starts

    def _probed(self, word: int, positions: NDArray[np.uint64]) -> NDArray[np.int64]:
        order, starts = self._tables[word]
        asked = (_word(positions, word)[:, None] ^ _flips()[None]).ravel()
        first, number = starts[asked], starts[asked + 1] - starts[asked]
        offsets = np.arange(int(number.sum())) - np.repeat(np.cumsum(number) - number, number)
        return np.asarray(order[np.repeat(first, number) + offsets], np.int64)


def _word(hashes: NDArray[np.uint64], word: int) -> NDArray[np.int64]:
    return (hashes >> np.uint64(_BITS * word) & np.uint64(2**_BITS - 1)).astype(np.int64)


@lru_cache(maxsize=1)
def _flips() -> NDArray[np.int64]:
    """Every way to change at most two bits of a word."""
    every = [bits for number in range(_WRONG + 1) for bits in combinations(range(_BITS), number)]
    return np.array([sum(1 << bit for bit in bits) for bits in every], np.int64)
