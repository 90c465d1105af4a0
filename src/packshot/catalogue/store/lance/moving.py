"""Writers beside a move to another embedding: no write is lost without a word, wherever the catalogue lies.

Who moves a catalogue closes its pointer, compares both tables for the last time, and switches. A writer looks at the
pointer before its write and after it. If it is open after the write, the write came before any closing that is still
to be, and the last comparison sees it; if it is not, the writer is told.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from packshot.catalogue.store.lance.failures import failures
from packshot.catalogue.store.lance.writer import Writer
from packshot.catalogue.store.places import objects_of
from packshot.catalogue.store.pointer import MOVER, TABLE, Pointer
from packshot.errors import CatalogueLocked, CatalogueMismatch, OutputError
from packshot.storage.objects import Lease

__all__ = ["Beside", "drop_former", "mover_lease", "while_current"]

_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Beside:
    """A table of a catalogue that no search asks yet.

    Attributes:
        writer: of the catalogue.
        table: its name.
        check: raises where it may not be written to any more.
    """

    writer: Writer
    table: str
    check: Callable[[], None]


@contextlib.contextmanager
def while_current(pointer: Pointer, table: str, *, uri: str, wait_s: float) -> Iterator[None]:
    """Write to a table that is the catalogue.

    Args:
        pointer: of the catalogue.
        table: that is written to.
        uri: of the catalogue.
        wait_s: seconds to wait for a move that is about to end.

    Raises:
        CatalogueMismatch: another table is the catalogue by now.
        CatalogueLocked: a move is about to end, and did not in time.
    """
    _require(pointer, table, uri=uri, wait_s=wait_s, result="nothing was written")
    yield
    _require(pointer, table, uri=uri, wait_s=wait_s, result="what was just written may be missing")


def mover_lease(uri: str, *, tell: Callable[[str], None] = lambda _: None) -> Lease:
    """The right to move a catalogue.

    Raises:
        OutputError: another process that lives is moving it.
        StorageError: the bucket cannot be used.
    """
    remedy = "wait until it is done; if that was another embedding, repeat the command then"
    return Lease(objects_of(uri), MOVER, work="reindex", remedy=remedy, tell=tell)


def drop_former(database: Any, pointer: Pointer, *, uri: str, keep: timedelta) -> None:
    """Delete tables that are not the catalogue any more, and are not being filled, once it moved long enough ago.

    Args:
        database: LanceDB's connection.
        pointer: of the catalogue.
        uri: of the catalogue.
        keep: how long they stay after the move.
    """
    now = pointer.read()
    if now.moved is None or datetime.now(UTC) - now.moved < keep:
        return
    with failures(uri):
        there = _tables(database)
        kept = {now.table, pointer.filled()}  # asked after the listing: what a move makes from now on is not in it
        for name in there:
            if name.startswith(TABLE) and name not in kept:
                database.drop_table(name)


def _tables(database: Any) -> list[str]:
    names: list[str] = []
    token = None
    while True:
        page = database.list_tables(page_token=token)
        names += page.tables
        token = page.page_token
        if not token:
            return names


def _require(pointer: Pointer, table: str, *, uri: str, wait_s: float, result: str) -> None:
    deadline = time.monotonic() + wait_s
    while True:
        now = pointer.read()
        if now.table != table:
            raise CatalogueMismatch(
                f"the catalogue {uri} was moved to another embedding while it was open here: {result}",
                remedy="repeat the command, with the network the catalogue is of now (packshot catalogue stats)",
            )
        if not now.closed:
            return
        if _reopened_of_the_dead(pointer, uri):
            continue
        if time.monotonic() > deadline:
            raise CatalogueLocked(
                f"the catalogue {uri} is about to move to another embedding: {result}",
                remedy=f"repeat the command when that is done ({wait_s:g} s were not enough)",
            )
        time.sleep(_LOOK_S)


def _reopened_of_the_dead(pointer: Pointer, uri: str) -> bool:
    """Open a pointer again that was closed by a process which was killed; nothing is done while that lives."""
    with contextlib.suppress(OutputError, CatalogueLocked), mover_lease(uri):
        now = pointer.read()
        if now.closed:
            pointer.reopen(now)
        return True
    return False
