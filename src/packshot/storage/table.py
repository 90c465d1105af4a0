"""Tables as files: read as a person wrote them; written as CSV and tab-separated, no cell begins as a formula would."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from packshot.errors import UsageError
from packshot.storage.encodable import encodable
from packshot.storage.text_file import read_text

__all__ = ["csv_table", "guarded", "is_formula", "read_table", "tsv_table"]

_MOST_BYTES = 500_000_000  # some five million rows
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins like this


def read_table(table: Path, *, fold: bool = True) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """A table that a person wrote: CSV in UTF-8, with commas, semicolons or tabs.

    Args:
        table: its file.
        fold: give the columns in small letters; else as they are written.

    Returns:
        The columns; and of each row that is not empty the line it ends on, from 1, and its cells by their columns,
        without blanks around, and without the apostrophe of `guarded`. A row that is too short lacks some.

    Raises:
        UsageError: it is empty, or cannot be read as a table.
    """
    text = read_text(table, what="table", most_bytes=_MOST_BYTES)
    separator = max(",;\t", key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=None), delimiter=separator)
    try:
        columns = [name.strip().lower() if fold else name.strip() for name in next(lines, [])]
        rows = [(lines.line_num, dict(zip(columns, map(_bare, row), strict=False))) for row in lines if any(row)]
    except csv.Error as error:
        raise UsageError(f"{table}, line {lines.line_num}: {error}", remedy="save it as CSV in UTF-8") from error
    return columns, rows


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run a cell."""
    return text.startswith(_FORMULA)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs: a formula has an apostrophe before it, which `read_table` takes off."""
    return f"'{cell}" if is_formula(cell) else cell


def _bare(cell: str) -> str:
    plain = cell.strip()
    return plain[1:] if plain.startswith("'") and is_formula(plain[1:]) else plain


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
        writer.writerow([guarded(cell) for cell in map(encodable, row)])
    return file.getvalue().encode()


def tsv_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    r"""A table with tabs, without quotes: tabs and ends of line within a cell become blanks.

    Example:
        >>> tsv_table(("id", "title"), [("1", "a\tb")])
        b'id\ttitle\n1\ta b\n'
    """
    lines = ["\t".join(" ".join(encodable(cell).split()) for cell in row) for row in (header, *rows)]
    return "".join(f"{line}\n" for line in lines).encode()
