"""A number with its noun, for whatever a person reads."""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun, and what else follows the number, thousands apart as numbers beside it should be.

    Args:
        number: of the things.
        one: how one is called, with its verb where that depends on the number.
        many: how several, and none, are called; by default with an s.

    Example:
        >>> counted(1, "photo"), counted(1200, "photo"), counted(0, "copy is", "copies are")
        ('1 photo', '1,200 photos', '0 copies are')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
