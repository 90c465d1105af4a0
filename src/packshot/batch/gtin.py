"""Global Trade Item Numbers: the check digit, and the fourteen digits that file names are made of."""

from __future__ import annotations

__all__ = ["check_digit", "gtin14"]

_LENGTHS = (8, 12, 13, 14)


def check_digit(digits: str) -> int:
    """The last digit of a GTIN, from those before it (GS1 General Specifications, 7.9: weights 3 and 1 from the right).

    Args:
        digits: all but the last.

    Example:
        >>> check_digit("629104150021")
        3
    """
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def gtin14(text: str) -> str:
    """A GTIN-8, -12, -13 or -14 as fourteen digits, zeros before it.

    Args:
        text: the number; spaces and hyphens between digits do not count.

    Raises:
        ValueError: it has another length, other characters, or a wrong check digit; says what was expected.

    Example:
        >>> gtin14("6291041500213")
        '06291041500213'
    """
    digits = text.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in _LENGTHS:
        raise ValueError(f"{text!r} is no GTIN: expected 8, 12, 13 or 14 digits")
    expected = check_digit(digits[:-1])
    if int(digits[-1]) != expected:
        raise ValueError(f"{text} has the check digit {digits[-1]}, expected {expected}: a digit is wrong")
    return digits.zfill(14)
