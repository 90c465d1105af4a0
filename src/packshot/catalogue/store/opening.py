"""From an address to a store; the libraries behind it are loaded here and no earlier."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.catalogue.store.folder import has_catalogue
from packshot.catalogue.store.interface import Store
from packshot.catalogue.store.places import folder_of
from packshot.errors import UsageError
from packshot.extras import installing

if TYPE_CHECKING:
    from packshot.catalogue.store.lance import MovableStore

__all__ = ["is_there", "open_movable", "open_store", "set_aside_damaged", "table_column"]

_MILVUS = ("milvus://", "milvus+")


def open_store(uri: str | Path, *, create: bool = False, wait_s: float = 10.0) -> Store:
    """Open a catalogue.

    Args:
        uri: a folder; ``s3://``, ``gs://`` or ``az://`` with bucket and path, credentials being taken from the
            environment; ``milvus://host:port/collection``, or ``milvus+`` and the path of a Milvus Lite file (``.db``).
        create: whether a missing catalogue is made, by its first `Store.upsert`; otherwise it is an error.
        wait_s: seconds a write waits for another writer.

    Raises:
        UsageError: there is no catalogue, something else lies there, or the library for it is not installed.
        CatalogueDamaged: its newest state cannot be read; see `set_aside_damaged`.
        CatalogueMismatch: it was written by a newer packshot.
    """
    uri = str(uri)
    if uri.startswith(_MILVUS):
        _require("pymilvus", extra="milvus")
        from packshot.catalogue.store.milvus import MilvusStore  # noqa: PLC0415 - an optional extra, and slow to load

        return MilvusStore(uri, create=create)
    _require_lance()
    from packshot.catalogue.store.lance import LanceStore  # noqa: PLC0415 - an optional extra, and slow to load

    return LanceStore(uri, create=create, wait_s=wait_s)


def is_there(uri: str | Path) -> bool:
    """Whether there is a catalogue, told without opening it or loading the library behind it.

    A server or a bucket is not asked: of those only the library is looked for.

    Args:
        uri: as for `open_store`.

    Returns:
        False where a first item would make one.

    Raises:
        UsageError: something else lies there, or the library is not installed.
        OutputError: the folder cannot be read.
        CatalogueDamaged: the file that names its table cannot be read.
    """
    uri = str(uri)
    if uri.startswith(_MILVUS):
        _require("pymilvus", extra="milvus")
        return True
    _require_lance()
    folder = folder_of(uri)
    return folder is None or has_catalogue(folder)


def open_movable(uri: str | Path) -> MovableStore:
    """Open a catalogue in a folder or in a bucket, whose embedding can be exchanged in place.

    Raises:
        UsageError: there is none, or it is kept in Milvus.
        CatalogueDamaged: its newest state cannot be read.
    """
    if str(uri).startswith(_MILVUS):
        raise UsageError(
            f"{uri}: a Milvus collection keeps its embedding",
            remedy="index the photos into a new collection, then name that one in searches",
        )
    _require_lance()
    from packshot.catalogue.store.lance import MovableStore  # noqa: PLC0415 - an optional extra, and slow to load

    return MovableStore(str(uri))


def set_aside_damaged(uri: str | Path) -> list[Path]:
    """Bring a catalogue in a folder back to its newest state that can be read.

    The states after it cannot be read and are renamed, never deleted.

    Returns:
        The files that were renamed; empty if nothing was wrong.

    Raises:
        CatalogueDamaged: no state of it can be read.
        UsageError: there is no catalogue in a folder there, or LanceDB is not installed.
    """
    _require("lancedb", extra="catalogue")
    from packshot.catalogue.store.lance.opening import set_aside_damaged as repair  # noqa: PLC0415 - as above

    return repair(str(uri))


def table_column(uri: str, column: str) -> tuple[list[str], list[str] | None]:
    """The names of a Lance table's columns, and one column's texts; None where it is not there.

    Args:
        uri: of the table (``.lance``): a catalogue's, ``CATALOGUE/items.lance``, or any other.
        column: its name.

    Raises:
        UsageError: there is no such table, it is damaged, or LanceDB is not installed.
    """
    _require_lance(what="this table")
    from packshot.catalogue.store.lance.column import lance_column  # noqa: PLC0415 - as above

    return lance_column(uri, column)


def _require_lance(what: str = "this catalogue") -> None:
    _require("lancedb", extra="catalogue", what=what)
    # It warns on standard error of matters within it: an empty partition, its own next version.
    os.environ.setdefault("LANCEDB_LOG", "error")


def _require(library: str, *, extra: str, what: str = "this catalogue") -> None:
    if find_spec(library) is None:
        raise UsageError(f"{what} needs {library}", remedy=installing(extra))
