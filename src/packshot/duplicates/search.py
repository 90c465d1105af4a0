"""All duplicates among many pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.groups import Group, gather
from packshot.duplicates.known import Known
from packshot.duplicates.match import Match
from packshot.duplicates.prints import Print

__all__ = ["find_duplicates", "find_pairs"]


def find_duplicates(prints: Iterable[Print], *, embeddings: Sequence[NDArray[np.float32]] | None = None) -> list[Group]:
    """Group the pictures that are one.

    Args:
        prints: of all pictures, as `take_print` gives them.
        embeddings: float32 (d,) of each picture, of length 1, for more candidates; none are needed.

    Returns:
        Groups of two or more; positions are those in `prints`.
    """
    taken = list(prints)
    return gather(taken, dict(find_pairs(taken, embeddings=embeddings)))


def find_pairs(
    prints: Iterable[Print], *, embeddings: Sequence[NDArray[np.float32]] | None = None
) -> Iterator[tuple[tuple[int, int], Match]]:
    """Every pair of pictures that was worth comparing, and what came of it.

    Each picture meets those before it, so a picture more costs the same whether it comes alone or with many.

    Args:
        prints: of all pictures.
        embeddings: of each picture, for more candidates.

    Yields:
        Positions, the smaller one first, and their match.
    """
    known = Known()
    for place, taken in enumerate(prints):
        embedding = None if embeddings is None else embeddings[place]
        for other, match in known.matches(taken, embedding=embedding).items():
            yield (other, place), match
        known.add_print(taken, str(place), embedding=embedding)
