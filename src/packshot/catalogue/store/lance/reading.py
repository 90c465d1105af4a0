"""Rows of a table, some thousands at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa

from packshot.catalogue.store.batches import in_batches
from packshot.catalogue.store.lance.failures import failures
from packshot.catalogue.store.lance.where import among
from packshot.catalogue.store.layout import KEY

__all__ = ["known_in", "rows_in"]

_ROWS = 4_096  # a few megabytes
_IDS = 5_000  # looked for at once


def rows_in(table: Any, sql: str | None, columns: Iterable[str], *, uri: str) -> Iterator[pa.RecordBatch]:
    """The rows of a table that a condition chooses.

    Args:
        table: of LanceDB; None has no rows.
        sql: the condition; None for all.
        columns: that are read.
        uri: of the catalogue, for errors.

    Raises:
        CatalogueDamaged: they cannot be read.
    """
    if table is None:
        return
    with failures(uri):
        query = table.search().select(list(columns))
        reader = (query if sql is None else query.where(sql)).to_batches(batch_size=_ROWS)
    while True:
        with failures(uri):
            rows = next(reader, None)
        if rows is None:
            return
        yield rows


def known_in(table: Any, ids: Iterable[str], *, uri: str) -> dict[str, tuple[str, datetime]]:
    """Content hash and first date of those items that are there already."""
    known: dict[str, tuple[str, datetime]] = {}
    for batch in in_batches(ids, _IDS):
        for rows in rows_in(table, among(KEY, batch), (KEY, "content_hash", "added"), uri=uri):
            columns = (rows.column(name).to_pylist() for name in (KEY, "content_hash", "added"))
            known |= {key: (content, added) for key, content, added in zip(*columns, strict=True)}
    return known
