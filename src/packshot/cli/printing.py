"""Results on stdout: lines or a table for a person, or JSON objects; what a person must know besides on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import click

__all__ = ["aligned", "print_notes", "print_row", "print_table"]


def print_row(row: Mapping[str, object], text: str, *, as_json: bool) -> None:
    """Print one result.

    Args:
        row: with ``--json``; what JSON does not know, such as a time, is written as text; nan is null.
        text: without; nothing is printed where it is empty.
        as_json: whether ``--json`` was given.
    """
    if as_json:
        from packshot.storage.json_text import json_text

        click.echo(json_text(row))
    elif text:
        click.echo(text)


def print_table(
    rows: Iterable[Mapping[str, object]],
    header: Sequence[str],
    cells: Sequence[Sequence[str]],
    *,
    left: int = 1,
    as_json: bool,
) -> None:
    """Print results that are read together.

    Args:
        rows: with ``--json``, one object each.
        header: without; a title for each column.
        cells: of each row; nothing is printed where there are none.
        left: how many of the first columns are words.
        as_json: whether ``--json`` was given.
    """
    for row in rows if as_json else ():
        print_row(row, "", as_json=True)
    if cells and not as_json:
        click.echo(aligned(header, cells, left=left))


def print_notes(lines: Iterable[str]) -> None:
    """Print on stderr what a person must know."""
    for line in lines:
        click.echo(line, err=True)


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Lay out a table with two blanks between columns.

    Args:
        header: a title for each column.
        rows: the cells, as many in each row.
        left: how many of the first columns are words, set flush left; the others are numbers, set flush right.

    Example:
        >>> print(aligned(("name", "IoU"), [("a", "0.9"), ("long", "0.95")]))
        name   IoU
        a      0.9
        long  0.95
    """
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
