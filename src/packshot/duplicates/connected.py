"""Which places are connected, in memory or in a file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Connected"]


class Connected:
    """Sets of places that pairs connect (disjoint-set forest; Tarjan and van Leeuwen 1984, path splitting).

    Args:
        heads: place -> a place of its set, at first itself; it is changed, and nothing else is kept. A dictionary, or
            an array, which may lie in a file that the system maps into memory.

    Example:
        >>> connected = Connected({1: 1, 2: 2, 3: 3})
        >>> connected.join(3, 2)
        >>> [connected.head(place) for place in (1, 2, 3)]
        [1, 2, 2]
    """

    def __init__(self, heads: dict[int, int] | NDArray[np.uint32]) -> None:
        self._heads = heads

    def head(self, place: int) -> int:
        """The least place of its set."""
        heads = self._heads
        while (head := int(heads[place])) != place:
            heads[place] = heads[head]
            place = head
        return place

    def join(self, one: int, other: int) -> None:
        """Make the sets of two places one."""
        first, second = sorted((self.head(one), self.head(other)))
        self._heads[second] = first
