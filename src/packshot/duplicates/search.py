"""All duplicates among many pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.fingerprint import Fingerprint
from packshot.duplicates.groups import Group, group_duplicates
from packshot.duplicates.known_pictures import KnownPictures
from packshot.duplicates.match import PairMatch, match_fingerprints

__all__ = ["find_duplicates", "find_pairs"]


def find_duplicates(
    fingerprints: Iterable[Fingerprint], *, embeddings: Sequence[NDArray[np.float32]] | None = None
) -> list[Group]:
    """Group duplicate pictures.

    Args:
        fingerprints: of all pictures, as `fingerprint_of` gives them.
        embeddings: float32 (d,) of each picture, of length 1, for more candidates; none are needed.

    Returns:
        Groups of two or more; positions are those in `fingerprints`.
    """
    every = list(fingerprints)
    return group_duplicates(every, dict(find_pairs(every, embeddings=embeddings)), match=match_fingerprints)


def find_pairs(
    fingerprints: Iterable[Fingerprint], *, embeddings: Sequence[NDArray[np.float32]] | None = None
) -> Iterator[tuple[tuple[int, int], PairMatch]]:
    """Every pair of candidates, and the verdict on it.

    Each picture meets those before it, so a picture more costs the same whether it comes alone or with many.

    Args:
        fingerprints: of all pictures.
        embeddings: of each picture, for more candidates.

    Yields:
        Positions, the smaller one first, and their match.
    """
    known = KnownPictures()
    for place, fingerprint in enumerate(fingerprints):
        embedding = None if embeddings is None else embeddings[place]
        for other, match in known.matches(fingerprint, embedding=embedding).items():
            yield (other, place), match.reversed()
        known.add_fingerprint(fingerprint, str(place), embedding=embedding)
