"""Which table of a folder is the catalogue, and which one waits beside it for its turn.

A catalogue begins as the table ``items``. One that was moved to another embedding says in ``table.json`` which table it
is now: a file that is replaced whole, so that a reader finds the one or the other, whenever a move is killed.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from datetime import timedelta
from pathlib import Path

from packshot.errors import CatalogueDamaged
from packshot.storage.atomic import write_atomic

__all__ = ["STATE_FILES", "TABLE", "begin_move", "current_table", "drop_former", "finish_move", "table_for"]

#: The table of a catalogue that was never moved.
TABLE = "items"

_POINTER, _MOVE = "table.json", "reindex.json"
STATE_FILES = frozenset({_POINTER, _MOVE})
_NAME = re.compile(r"items[\w-]*")


def current_table(folder: Path | None) -> str:
    """Name of the table that searches ask; on object storage always ``items``.

    Raises:
        CatalogueDamaged: the file that names it cannot be read.
    """
    if folder is None or not (folder / _POINTER).exists():
        return TABLE
    return _named(folder / _POINTER)


def table_for(model: str) -> str:
    """Name of a table for embeddings of a model.

    Example:
        >>> table_for("describe+white@1f2e3d4c")
        'items-describe-white-1f2e3d4c'
    """
    return f"{TABLE}-{re.sub(r'[^0-9A-Za-z_]', '-', model)}"


def begin_move(folder: Path, table: str) -> None:
    """Note which table is being filled: it is kept until it is its turn, or another one is filled instead."""
    write_atomic(folder / _MOVE, json.dumps({"table": table}).encode() + b"\n")


def finish_move(folder: Path, table: str) -> None:
    """From now on the catalogue is this table."""
    write_atomic(folder / _POINTER, json.dumps({"table": table}).encode() + b"\n")
    (folder / _MOVE).unlink(missing_ok=True)


def drop_former(folder: Path, *, keep: timedelta) -> None:
    """Delete tables that are not the catalogue any more, and are not being filled, once it moved long enough ago."""
    pointer = folder / _POINTER
    if not pointer.exists() or time.time() - pointer.stat().st_mtime < keep.total_seconds():
        return
    kept = {current_table(folder)}
    if (folder / _MOVE).exists():
        kept.add(_named(folder / _MOVE))
    for path in folder.glob(f"{TABLE}*.lance"):
        if path.stem not in kept:
            shutil.rmtree(path)


def _named(path: Path) -> str:
    try:
        name = json.loads(path.read_bytes())["table"]
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(f"no table's name: {name!r}")
        return name
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CatalogueDamaged(
            f"{path} is damaged ({error})",
            remedy=f'write {{"table": NAME}} into it: NAME is that of one of the folders NAME.lance in {path.parent}',
        ) from error
