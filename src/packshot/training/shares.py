"""Shares of the training pictures and seeds, as a person types them."""

from __future__ import annotations

from collections.abc import Callable

from packshot.errors import UsageError

__all__ = ["typed_fractions", "typed_seeds"]


def typed_fractions(text: str) -> tuple[float, ...]:
    """Fractions as they are typed: ``0.1,0.3,1``.

    Raises:
        UsageError: one of them is no number.
    """
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise UsageError(f"--fractions {text}: expected numbers", remedy="for example --fractions 0.1,0.3,1") from error


def typed_seeds(text: str) -> Callable[[int], tuple[int, ...]]:
    """Seeds as they are typed: how many, or which (``7,8,9``).

    Returns:
        From the recipe's seed to those that are trained from: so many from it up, or those named.

    Raises:
        UsageError: they are no numbers.
    """
    parts = text.split(",")
    if not all(part.strip().isdigit() for part in parts) or (len(parts) == 1 and int(parts[0]) < 1):
        raise UsageError(f"--seeds {text}: expected a number from 1 up, or seeds", remedy="--seeds 3, or --seeds 7,8,9")
    if len(parts) == 1:
        return lambda first: tuple(range(first, first + int(parts[0])))
    return lambda _: tuple(int(part) for part in parts)
