"""The first of many names, for messages."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["listed"]


def listed(names: Sequence[str], most: int, *, between: str = ", ") -> str:
    """The first few of a list, and how many more there are.

    Args:
        names: to be told.
        most: are named.
        between: each two of them.

    Example:
        >>> listed(["a", "b", "c"], 2), listed(["a", "b"], 2)
        ('a, b and 1 more', 'a, b')
    """
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return between.join(names[:most]) + more
