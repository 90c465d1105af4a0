"""One sitting at a time over a table of labels."""

from __future__ import annotations

from pathlib import Path

from packshot.errors import OutputError
from packshot.storage import Lock

__all__ = ["table_lock"]


def table_lock(table: Path) -> Lock:
    """The lock of a table of labels."""

    def busy() -> OutputError:
        remedy = "end that one first, or name another file with -o"
        return OutputError(f"another `packshot label` is writing to {table}", remedy=remedy)

    return Lock(table.with_name(table.name + ".lock"), busy)
