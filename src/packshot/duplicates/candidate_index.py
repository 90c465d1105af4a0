"""An index from local features to the pictures that have them: candidates without comparing every pair."""

from __future__ import annotations

from array import array
from collections import defaultdict
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.features import Features

__all__ = ["CROWD", "NEAR", "TABLES", "WORD_BITS", "CandidateIndex", "codes"]

TABLES = 4  # a code of 64 bits is looked up by its four words of 16
WORD_BITS = 16
NEAR = 14  # bits of 64 that may differ: of two features of one place, nine in ten times fewer do
CROWD = 2_000  # features with one word: more say nothing, as stop words do


def codes(features: Features) -> NDArray[np.uint64]:
    """64 bits of each descriptor; those of the mirrored feature are the opposite bits.

    Only the difference between a descriptor and its mirror image is looked at, along 64 random directions at right
    angles: over many pictures it is positive as often as negative, so every bit halves them.

    Returns:
        uint64 (n,).
    """
    root = np.sqrt(features.descriptors.astype(np.float32))
    odd = root - np.sqrt(features.mirrored(0).descriptors.astype(np.float32))
    bits = odd @ _directions() > 0
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64).ravel()


class CandidateIndex:
    """The features of many pictures, found again by their codes.

    Source: H. Jégou, M. Douze, C. Schmid, "Hamming Embedding and Weak Geometric Consistency" (2008); here the words are
    parts of the code itself, as no vocabulary has to be learnt for that.
    """

    def __init__(self) -> None:
        self._codes = array("Q")
        self._owners = array("L")
        self._tables: list[dict[int, array[int]]] = [defaultdict(lambda: array("L")) for _ in range(TABLES)]
        self._pictures = 0

    def add(self, bits: NDArray[np.uint64]) -> None:
        """Add the next picture.

        Args:
            bits: of `codes`.
        """
        first = len(self._codes)
        self._codes.extend(bits.tolist())
        self._owners.extend([self._pictures] * len(bits))
        self._pictures += 1
        for table, words in zip(self._tables, _words(bits), strict=True):
            for place, word in enumerate(words, start=first):
                table[word].append(place)

    def count(self, bits: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Score of each picture: how many features of the new one it has as well, rare ones counting more.

        Args:
            bits: of `codes`, of the new picture.

        Returns:
            float64 (pictures,).
        """
        scores = np.zeros(self._pictures)
        if not self._pictures or not len(bits):
            return scores
        known, owners = np.frombuffer(self._codes, np.uint64), np.frombuffer(self._owners, np.uint64)
        places, asked = list[NDArray[np.uint64]](), list[int]()
        for table, words in zip(self._tables, _words(bits), strict=True):
            for index, word in enumerate(words):
                found = table.get(word)
                if found is not None and len(found) <= CROWD:
                    places.append(np.frombuffer(found, np.uint64))
                    asked.append(index)
        if not places:
            return scores
        askers = np.repeat(np.array(asked, np.int64), [len(found) for found in places])
        every = np.concatenate(places)
        near = np.bitwise_count(known[every] ^ bits[askers]) <= NEAR
        pairs = np.unique(askers[near] * self._pictures + owners[every[near]].astype(np.int64))
        # A feature that many pictures have (a label, a grid of tiles) says less of each of them.
        pictures, features = pairs % self._pictures, pairs // self._pictures
        shared = np.bincount(features, minlength=len(bits))
        np.add.at(scores, pictures, 1 / np.sqrt(shared[features]))
        return scores


def _words(bits: NDArray[np.uint64]) -> list[list[int]]:
    return [(bits >> np.uint64(WORD_BITS * table) & np.uint64(2**WORD_BITS - 1)).tolist() for table in range(TABLES)]


@lru_cache(maxsize=1)
def _directions() -> NDArray[np.float32]:
    """float32 (128, 64): orthonormal directions among those that a mirror reverses."""
    random = np.random.default_rng(2008)
    features = Features(np.zeros((128, 2), np.float32), *(np.zeros(128, np.float32),) * 2, np.eye(128, dtype=np.uint8))
    odd = np.eye(128) - features.mirrored(0).descriptors
    drawn = random.normal(size=(64, 128)) @ odd
    basis, _ = np.linalg.qr(drawn.T)
    return np.asarray(basis, np.float32)
