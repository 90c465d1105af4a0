"""Tables as files: CSV and tab-separated, in UTF-8; no cell begins as a formula would."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

__all__ = ["csv_table", "is_formula", "tsv_table"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins like this


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run a cell."""
    return text.startswith(_FORMULA)


def csv_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    r"""A table as CSV (RFC 4180); what a spreadsheet would run begins with an apostrophe.

    Example:
        >>> csv_table(("sku", "title"), [("1", "=1+1")])
        b"sku,title\r\n1,'=1+1\r\n"
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(header)
    for row in rows:
        writer.writerow([f"'{cell}" if is_formula(cell) else cell for cell in map(_printable, row)])
    return file.getvalue().encode()


def tsv_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    r"""A table with tabs, without quotes: tabs and ends of line within a cell become blanks.

    Example:
        >>> tsv_table(("id", "title"), [("1", "a\tb")])
        b'id\ttitle\n1\ta b\n'
    """
    lines = ["\t".join(" ".join(_printable(cell).split()) for cell in row) for row in (header, *rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def _printable(text: str) -> str:
    # A file's name need not be valid UTF-8.
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
