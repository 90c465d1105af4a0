"""Plain-text tables on stdout, aligned for a terminal and readable in a log."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["aligned"]


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
