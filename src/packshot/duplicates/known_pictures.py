"""Known pictures, and whether a new one duplicates one of them."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.candidate_index import CandidateIndex
from packshot.duplicates.fingerprint import Fingerprint, fingerprint_of
from packshot.duplicates.match import CopyKind, PairMatch, match_fingerprints
from packshot.duplicates.perceptual_hash import hamming, symmetries
from packshot.values import AnyArray, Rgb

__all__ = ["BY_FEATURES", "BY_HASH", "LEADING", "LEAST_SHARED", "NEAR_HASH", "Embed", "KnownDuplicate", "KnownPictures"]

#: A picture's embedding: uint8 (h, w, 3) -> float32 (d,), of length 1.
Embed = Callable[[Rgb], NDArray[np.float32]]

BY_FEATURES = 8  # pictures that share most features: as many are compared
LEAST_SHARED = 3.0  # shared features, rare ones counting more; fewer are chance
LEADING = 0.1  # of the most that a picture shares: one that shares less is not compared
BY_HASH = 4
NEAR_HASH = 10  # bits of 64
_BY_EMBEDDING = 4


@dataclass(frozen=True, slots=True)
class KnownDuplicate:
    """A known picture that a new one duplicates.

    Attributes:
        id: the known picture's.
        score: 0..1, how sure.
        kind: how the two differ.
    """

    id: str
    score: float
    kind: CopyKind


class KnownPictures:
    """Fingerprints by id, with indices that find the candidates for a new picture.

    Candidates are the pictures with the same pixels, those with a perceptual hash near one of the new one's eight
    positions, those that share local features with it or with its mirror image, and its neighbours by embedding if one
    is given. Each is verified pixel by pixel. About 250 kB of memory a picture; not for several threads at once.

    Args:
        embed: a network's embedding, for more candidates; none by default.

    Example:
        >>> from skimage.data import astronaut
        >>> known = KnownPictures()
        >>> known.add(astronaut(), "eileen.jpg")
        >>> known.find(astronaut()[:, ::-1])
        KnownDuplicate(id='eileen.jpg', score=0.99..., kind=<CopyKind.MIRRORED: 'mirrored'>)
    """

    def __init__(self, *, embed: Embed | None = None) -> None:
        self._embed = embed
        self._ids: list[str] = []
        self._fingerprints: list[Fingerprint] = []
        self._by_pixels: dict[str, int] = {}
        self._hashes = array("Q")
        self._candidate_index = CandidateIndex()
        self._embeddings: list[NDArray[np.float32]] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, rgb: Rgb, id: str) -> None:  # noqa: A002  # the catalogue's word
        """Add a picture.

        Args:
            rgb: uint8 (h, w, 3), upright sRGB.
            id: what `find` shall call it.
        """
        self.add_fingerprint(fingerprint_of(rgb), id, embedding=self._embed(rgb) if self._embed else None)

    def find(self, rgb: Rgb) -> KnownDuplicate | None:
        """The known picture that a new one duplicates, the surest one; None for a picture that is new.

        Args:
            rgb: uint8 (h, w, 3), upright sRGB.
        """
        found = self.matches(fingerprint_of(rgb), embedding=self._embed(rgb) if self._embed else None)
        duplicates = [(match.score, -place, match) for place, match in found.items() if match.duplicate]
        if not duplicates:
            return None
        score, place, match = max(duplicates, key=lambda entry: entry[:2])
        return KnownDuplicate(self._ids[-place], score, match.kind)

    def add_fingerprint(
        self,
        fingerprint: Fingerprint,
        id: str,  # noqa: A002  # the catalogue's word
        *,
        embedding: NDArray[np.float32] | None = None,
    ) -> None:
        """Add a picture by its fingerprint.

        Args:
            fingerprint: of the picture.
            id: what `find` shall call it.
            embedding: float32 (d,), of length 1, of every picture or of none.

        Raises:
            ValueError: some pictures came with an embedding and some without.
        """
        if self._ids and (embedding is not None) != bool(self._embeddings):
            raise ValueError("KnownPictures: expected an embedding of every picture or of none")
        self._by_pixels.setdefault(fingerprint.pixels, len(self._ids))
        self._ids.append(id)
        self._fingerprints.append(fingerprint)
        self._hashes.append(fingerprint.hash)
        self._candidate_index.add(fingerprint.codes)
        if embedding is not None:
            self._embeddings.append(embedding)

    def matches(
        self, fingerprint: Fingerprint, *, embedding: NDArray[np.float32] | None = None
    ) -> dict[int, PairMatch]:
        """All known pictures that a new one was compared with, and what came of it.

        Args:
            fingerprint: of the new picture.
            embedding: float32 (d,), if the known ones have them.

        Returns:
            By position, in the order they were added.
        """
        if not self._ids:
            return {}
        found = dict[int, PairMatch]()
        for place in self._candidates(fingerprint, embedding):
            match = match_fingerprints(fingerprint, self._fingerprints[place])
            if match is not None:
                found[place] = match
        return found

    def _candidates(self, fingerprint: Fingerprint, embedding: NDArray[np.float32] | None) -> list[int]:
        same = self._by_pixels.get(fingerprint.pixels)
        chosen = [] if same is None else [same]
        scores = np.maximum(
            self._candidate_index.count(fingerprint.codes), self._candidate_index.count(~fingerprint.codes)
        )
        chosen += _top(scores, BY_FEATURES, least=max(LEAST_SHARED, LEADING * float(scores.max())))
        known = np.frombuffer(self._hashes, np.uint64)
        distances = hamming(symmetries(fingerprint.hash)[:, None], known[None]).min(axis=0)
        chosen += _top(-distances, BY_HASH, least=-NEAR_HASH)
        if embedding is not None and self._embeddings:
            chosen += _top(np.stack(self._embeddings) @ embedding, _BY_EMBEDDING, least=-1.0)
        return list(dict.fromkeys(chosen))


def _top(values: AnyArray, number: int, *, least: float) -> list[int]:
    """Positions of the largest values, the largest first, the earlier of equal ones first."""
    if len(values) > number:  # of equal ones at the border a partition alone would choose any
        least = max(least, float(np.partition(values, -number)[-number]))
    part = np.flatnonzero(values >= least)
    places: list[int] = part[np.lexsort((part, -values[part]))][:number].tolist()
    return places
