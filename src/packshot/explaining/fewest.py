"""How few photos or products have no interval."""

from __future__ import annotations

from packshot.errors import UsageError

__all__ = ["FEWEST", "refuse_few"]

#: Photos or products below which an interval says nothing.
FEWEST = 10


def refuse_few(count: int, what: str, *, remedy: str) -> None:
    """Refuse to draw an interval over too few.

    Args:
        count: how many there are.
        what: they are, in the plural.
        remedy: how to come by more.

    Raises:
        UsageError: there are fewer than ten.
    """
    if count < FEWEST:
        raise UsageError(f"{count} {what} are too few: an interval needs at least {FEWEST}", remedy=remedy)
