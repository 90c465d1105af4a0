"""Which table is the catalogue, and which one waits beside it for its turn: small objects beside the tables.

A catalogue begins as the table ``items``. One that was moved to another embedding says in ``table.json`` which table
it is now: an object that is replaced whole, and only by who knows what it said before, so that a reader finds the one
table or the other, whenever a move is killed. It works alike on a disk and in a bucket
(``docs/decisions/0081-a-pointer-in-the-bucket.md``).
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from packshot.catalogue.store.places import folder_of, objects_of
from packshot.errors import (
    CatalogueDamaged,
    CatalogueError,
    CatalogueLocked,
    ObjectChanged,
    ObjectExists,
    ObjectNotFound,
    StorageError,
    StorageUnavailable,
)

__all__ = ["MOVER", "STATE_FILES", "TABLE", "Pointer", "Pointing", "table_for"]

#: The table of a catalogue that was never moved.
TABLE = "items"
#: Held by who moves a catalogue; see `packshot.storage.objects.Lease`.
MOVER = "mover.json"

_POINTER, _FILLED = "table.json", "reindex.json"
#: What may lie in a catalogue's folder before its table; the last one are the locks of `MOVER` on a disk.
STATE_FILES = frozenset({_POINTER, _FILLED, MOVER, ".packshot-locks"})
_NAME = re.compile(r"items[\w-]*")


@dataclass(frozen=True, slots=True)
class Pointing:
    """What the pointer says.

    Attributes:
        table: that searches ask.
        closed: whether nothing may be written for now, as a move is about to end.
        moved: when it became this table (UTC); None of one that was never moved.
        etag: of the object; None where there is none.
    """

    table: str = TABLE
    closed: bool = False
    moved: datetime | None = None
    etag: str | None = None


class Pointer:
    """Of one catalogue, read anew each time it is asked.

    Args:
        uri: of the catalogue.

    Every method raises `CatalogueError` where the place cannot be reached.
    """

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._objects = objects_of(uri)

    def read(self) -> Pointing:
        """What it says now.

        Raises:
            CatalogueDamaged: it cannot be read.
        """
        with self._reached():
            try:
                content, found = self._objects.read(_POINTER)
            except ObjectNotFound:
                return Pointing()
        row = self._row(_POINTER, content)
        moved = row.get("moved")
        since = datetime.fromisoformat(str(moved)) if moved else self._file_time()
        return Pointing(str(row["table"]), bool(row.get("closed")), since, found.etag)

    def close(self) -> Pointing:
        """Let nobody write from now on: who began before sees it when they are done. To be undone by `reopen`.

        Raises:
            CatalogueLocked: another process did something to it at this moment.
        """
        now = self.read()
        # No two of them are the same content, by which a store could take one for the other.
        return self._replace(now, Pointing(now.table, closed=True, moved=now.moved), token=secrets.token_hex(8))

    def reopen(self, closed: Pointing) -> Pointing:
        """Let others write again; raises as `close` does."""
        return self._replace(closed, Pointing(closed.table, moved=closed.moved))

    def move(self, closed: Pointing, table: str) -> Pointing:
        """From now on the catalogue is another table, for all who open it; raises as `close` does."""
        moved = self._replace(closed, Pointing(table, moved=datetime.now(UTC)))
        with self._reached():
            self._objects.delete([_FILLED])
        return moved

    def filled(self) -> str | None:
        """The table that is being filled beside the catalogue, if there is one; raises as `read` does."""
        with self._reached():
            try:
                content, _ = self._objects.read(_FILLED)
            except ObjectNotFound:
                return None
        return str(self._row(_FILLED, content)["table"])

    def fill(self, table: str) -> None:
        """Note which table is being filled: it is kept until it is its turn, or another one is filled instead."""
        with self._reached():
            self._objects.write(_FILLED, json.dumps({"table": table}).encode() + b"\n")

    def _replace(self, old: Pointing, new: Pointing, token: str | None = None) -> Pointing:
        row: dict[str, object] = {"table": new.table}
        if new.moved is not None:
            row["moved"] = new.moved.isoformat()
        if token is not None:
            row["closed"] = token
        content = json.dumps(row).encode() + b"\n"
        with self._reached():
            try:
                if old.etag is None:
                    etag = self._objects.create(_POINTER, content)
                else:
                    etag = self._objects.replace(_POINTER, content, etag=old.etag)
            except (ObjectChanged, ObjectExists) as met:
                raise CatalogueLocked(
                    f"the catalogue {self._uri} is being moved by another process",
                    remedy="repeat the command",
                ) from met
        return Pointing(new.table, new.closed, new.moved, etag)

    def _row(self, name: str, content: bytes) -> dict[str, object]:
        try:
            row = json.loads(content)
            table = row["table"]
            if not isinstance(table, str) or not _NAME.fullmatch(table):
                raise ValueError(f"no table's name: {table!r}")
            if row.get("moved"):
                datetime.fromisoformat(row["moved"])
            return dict(row)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CatalogueDamaged(
                f"{self._objects.uri.child(name)} is damaged ({error})",
                remedy=f'write {{"table": NAME}} into it: NAME is that of one of the folders NAME.lance in {self._uri}',
            ) from error

    def _file_time(self) -> datetime | None:
        """Of a pointer on a disk by a packshot that did not write the time into it."""
        folder = folder_of(self._uri)
        if folder is None:
            return None
        with contextlib.suppress(OSError):
            return datetime.fromtimestamp((folder / _POINTER).stat().st_mtime, UTC)
        return None

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except (StorageError, StorageUnavailable) as error:
            raise CatalogueError(
                f"the catalogue {self._uri} cannot be reached ({error.message})", remedy=error.remedy
            ) from error


def table_for(model: str) -> str:
    """Name of a table for embeddings of a model.

    Example:
        >>> table_for("describe+white@1f2e3d4c")
        'items-describe-white-1f2e3d4c'
    """
    return f"{TABLE}-{re.sub(r'[^0-9A-Za-z_]', '-', model)}"
