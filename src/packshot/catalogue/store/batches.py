"""A stream cut into lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

__all__ = ["in_batches"]

T = TypeVar("T")


def in_batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` values, the last one shorter; none is empty.

    Example:
        >>> list(in_batches("packs", 2))
        [['p', 'a'], ['c', 'k'], ['s']]
    """
    stream = iter(values)
    while batch := list(islice(stream, size)):
        yield batch
