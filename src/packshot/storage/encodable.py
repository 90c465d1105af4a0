"""Text that UTF-8 can hold, for pages, tables and drawings that name files; and text that a terminal may be shown."""

from __future__ import annotations

import re

__all__ = ["encodable", "printable"]

_HALVES = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    r"""Text with escapes for what UTF-8 cannot hold: bytes of a file's name that are not UTF-8, halves of a pair.

    Python reads such a byte of a name as a lone surrogate (PEP 383), and `str.encode` refuses it.

    Example:
        >>> encodable("gr\udcf6\udcdfe.jpg"), encodable("\ud83d")
        ('gr\\xf6\\xdfe.jpg', '\\ud83d')
    """
    return _HALVES.sub(_escape, text)


def printable(text: str) -> str:
    r"""Text that can be stored as UTF-8 and printed: stray bytes and control characters become escapes.

    Example:
        >>> printable("shoe\udcff\n.jpg"), printable("café")
        ('shoe\\xff\\n.jpg', 'café')
    """
    if text.isprintable():  # which a stray byte is not
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in encodable(text))


def _escape(half: re.Match[str]) -> str:
    number = ord(half.group())
    byte = number - 0xDC00
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else f"\\u{number:04x}"
