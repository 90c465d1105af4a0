"""One sitting at a time over a table of labels."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from packshot.errors import OutputError
from packshot.storage.lock import lock_file, refuse_locked

__all__ = ["refuse_other_labelling", "table_lock"]


def table_lock(table: Path) -> AbstractContextManager[None]:
    """Holds a table of labels for this process.

    Raises:
        OutputError: another process holds it, or the file cannot be written.
    """
    return lock_file(_file(table), busy=lambda: _busy(table))


def refuse_other_labelling(table: Path) -> None:
    """Refuse at once what `table_lock` would refuse; see `packshot.storage.refuse_locked`.

    Raises:
        OutputError: another process holds it.
    """
    refuse_locked(_file(table), busy=lambda: _busy(table))


def _file(table: Path) -> Path:
    return table.with_name(table.name + ".lock")


def _busy(table: Path) -> OutputError:
    return OutputError(
        f"another `packshot label` is writing to {table}", remedy="end that one first, or name another file with -o"
    )
