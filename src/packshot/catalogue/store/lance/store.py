"""Records in a LanceDB table; what a method does is said in `packshot.catalogue.store.interface.Store`."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from packshot.catalogue.record import CatalogueItem, Embedding
from packshot.catalogue.store.batches import in_batches
from packshot.catalogue.store.changes import changes
from packshot.catalogue.store.folder import check_folder
from packshot.catalogue.store.interface import (
    EVERYTHING,
    KEEP,
    Filter,
    Hit,
    Problem,
    Snapshot,
    Store,
    StoreStats,
    Upserted,
)
from packshot.catalogue.store.lance import search_index
from packshot.catalogue.store.lance.failures import failures
from packshot.catalogue.store.lance.moving import Beside, drop_former, while_current
from packshot.catalogue.store.lance.nearest import nearest
from packshot.catalogue.store.lance.opening import connect, open_table
from packshot.catalogue.store.lance.reading import known_in, rows_in
from packshot.catalogue.store.lance.search_index import IndexPlan
from packshot.catalogue.store.lance.state import fragments_of, snapshots_of, stats_of
from packshot.catalogue.store.lance.where import among, sql_of
from packshot.catalogue.store.lance.writer import Writer
from packshot.catalogue.store.layout import (
    COLUMNS,
    KEY,
    embeddings_of,
    items_of,
    rows_of,
    schema_for,
    stored_model,
)
from packshot.catalogue.store.model_match import check_items, check_queries
from packshot.catalogue.store.parquet import export_rows
from packshot.catalogue.store.places import folder_of
from packshot.catalogue.store.pointer import Pointer
from packshot.catalogue.store.verification import find_problems, recall_at_10
from packshot.errors import UsageError

__all__ = ["LanceStore"]

_BATCH = 20_000  # items written at once: one snapshot, a handful of files
_IDS = 5_000  # looked for at once
_QUERIES = 256  # asked at once
_PATIENCE = timedelta(minutes=10)  # so long writers that meet on object storage may repeat their write
# Pieces above which writing tidies up: 711 files of one item each made a search five times as slow.
_MANY_FRAGMENTS = 32


class LanceStore(Store):
    """A `Store` in a folder, or on object storage (``s3://``, ``gs://``, ``az://``; credentials from the environment).

    Args:
        uri: of the catalogue.
        create: whether an empty or missing folder becomes a catalogue.
        wait_s: seconds to wait for another writer.
        plan: of the index of a large catalogue.
        beside: that it is a table which no search asks yet; see `packshot.catalogue.store.lance.movable`.

    Raises:
        UsageError: there is no catalogue, or something else lies there.
        CatalogueDamaged: its newest state cannot be read.
        CatalogueMismatch: it was written by a newer packshot.
    """

    def __init__(
        self,
        uri: str,
        *,
        create: bool = False,
        wait_s: float = 10.0,
        plan: IndexPlan | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._uri = uri
        self._plan = plan or IndexPlan()
        self._folder = folder_of(uri)
        if self._folder is not None:
            check_folder(self._folder, create=create)
        self._database = connect(uri)
        self._pointer = Pointer(uri)
        self._name = self._pointer.read().table if beside is None else beside.table
        self._beside = beside
        self._wait_s = wait_s
        self._writer = Writer(self._folder, wait_s=wait_s) if beside is None else beside.writer
        self._table = open_table(self._database, uri=uri, name=self._name)
        if self._table is None and not create:
            raise UsageError(f"there is no catalogue in {uri}", remedy="make one: packshot index PHOTOS -c CATALOGUE")

    @property
    def uri(self) -> str:
        return self._uri

    @property
    def name(self) -> str:
        """Of its table."""
        return self._name

    @property
    def model(self) -> str | None:
        table = self._opened()
        return None if table is None else stored_model(table.schema)[0]

    @property
    def dimension(self) -> int | None:
        table = self._opened()
        return None if table is None else stored_model(table.schema)[1]

    def upsert(self, items: Iterable[CatalogueItem]) -> Upserted:
        done = Upserted()
        for batch in in_batches(items, _BATCH):
            with self._changing():
                done += self._write(batch)
                self._tidy()
        return done

    def delete(self, ids: Iterable[str]) -> int:
        gone = 0
        for batch in in_batches(ids, _IDS):
            with self._changing(), failures(self._uri):
                table = self._newest()
                if table is not None:
                    gone += int(table.delete(among(KEY, batch)).num_deleted_rows)
        return gone

    def get(self, ids: Iterable[str]) -> dict[str, CatalogueItem]:
        found: dict[str, CatalogueItem] = {}
        for batch in in_batches(ids, _IDS):
            for rows in self._rows(among(KEY, batch)):
                found |= {item.id: item for item in self._items(rows)}
        return found

    def items(self, where: Filter = EVERYTHING) -> Iterator[CatalogueItem]:
        for rows in self._rows(sql_of(where)):
            yield from self._items(rows)

    def embeddings(self, where: Filter = EVERYTHING) -> Iterator[tuple[list[str], Embedding]]:
        for rows in self._rows(sql_of(where), columns=(KEY, "embedding")):
            yield rows.column(KEY).to_pylist(), embeddings_of(rows)

    def search(
        self, vectors: Embedding, *, model: str, k: int = 10, where: Filter = EVERYTHING, exact: bool | None = None
    ) -> list[list[Hit]]:
        if k < 1:
            raise ValueError(f"k: expected 1 or more, got {k}")
        queries = check_queries(vectors, of_model=model, model=self.model, dimension=self.dimension, uri=self._uri)
        table = self._opened()
        if table is None:
            return [[] for _ in queries]
        sql = sql_of(where)
        hits: list[list[Hit]] = []
        with failures(self._uri):
            items = table.count_rows()
            candidates = items if sql is None else table.count_rows(sql)
            if exact is None:
                exact = candidates <= search_index.EXACT_UP_TO
            plan = None if exact else self._plan
            for batch in in_batches(queries, _QUERIES):
                hits += nearest(table, np.stack(batch), k=k, sql=sql, plan=plan, share=candidates / max(items, 1))
        return hits

    def count(self, where: Filter = EVERYTHING) -> int:
        table = self._opened()
        with failures(self._uri):
            return 0 if table is None else int(table.count_rows(sql_of(where)))

    def stats(self, *, recall_sample: int = 0) -> StoreStats:
        with failures(self._uri):
            stats = stats_of(self._opened(), uri=self._uri, folder=self._folder)
            if not stats.index or not recall_sample:
                return stats
            return replace(stats, recall_at_10=recall_at_10(self, sample=recall_sample))

    def verify(self) -> list[Problem]:
        table = self._opened()
        return [] if table is None else find_problems(self, self._rows(None))

    def compact(self, *, keep: timedelta = KEEP) -> None:
        with self._changing(), failures(self._uri):
            table = self._newest()
            if table is None:
                return
            items = table.count_rows()
            if search_index.needs_building(table, items=items):
                search_index.build(table, self._plan, items=items)
            with warnings.catch_warnings():
                # Of readers of older states when all of them go, which the interface says.
                warnings.filterwarnings("ignore", "optimize\\(cleanup_older_than", UserWarning)
                table.optimize(cleanup_older_than=keep)
            if self._beside is None:
                drop_former(self._database, self._pointer, uri=self._uri, keep=keep)

    def snapshots(self) -> list[Snapshot]:
        table = self._opened()
        if table is None:
            return []
        with failures(self._uri):
            return snapshots_of(table)

    def restore(self, version: int) -> None:
        with self._changing():
            table = self._newest()
            versions = [snapshot.version for snapshot in self.snapshots()]
            if table is None or version not in versions:
                there = f"there are {versions[0]} to {versions[-1]}" if versions else "there are none"
                raise UsageError(f"{self._uri} has no snapshot {version} ({there})", remedy="name one of those")
            with failures(self._uri):
                table.restore(version)

    def export(self, path: Path, where: Filter = EVERYTHING) -> int:
        table = self._opened()
        if table is None:
            raise UsageError(f"{self._uri} is empty: there is nothing to export", remedy="index photos first")
        model, dimension = stored_model(table.schema)
        return export_rows(path, self._rows(sql_of(where)), model=model, dimension=dimension)

    def close(self) -> None:
        self._table = None
        self._database = None

    def _opened(self) -> Any:
        """The table; None while nothing was ever written, by this process or another one."""
        if self._database is None:
            raise UsageError(f"the catalogue {self._uri} was closed", remedy="open it again")
        if self._table is None:
            self._table = open_table(self._database, uri=self._uri, name=self._name)
        return self._table

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """For one write; raises as `Store.upsert` does, also where the catalogue was moved since it was opened."""
        with self._writer.locked():
            if self._beside is not None:
                self._beside.check()
                yield
                return
            with while_current(self._pointer, self._name, uri=self._uri, wait_s=self._wait_s):
                yield

    def _newest(self) -> Any:
        """The table as the last writer left it; to be asked while holding the lock."""
        table = self._opened()
        if table is not None:
            table.checkout_latest()
        return table

    def _write(self, batch: list[CatalogueItem]) -> Upserted:
        """Write one batch as one snapshot, or nothing if nothing changed."""
        with failures(self._uri):
            table = self._newest()
        check_items(batch, model=self.model, dimension=self.dimension, uri=self._uri)
        new, upserted = changes(batch, known_in(table, (item.id for item in batch), uri=self._uri))
        if new:
            with failures(self._uri):
                if table is None:
                    schema = schema_for(model=batch[0].model, dimension=len(batch[0].embedding))
                    table = self._table = self._database.create_table(self._name, schema=schema, exist_ok=True)
                rows = rows_of(new, table.schema)
                merge = table.merge_insert(KEY).when_matched_update_all().when_not_matched_insert_all()
                # An index on the key brings back the duplicates that its mark in the schema prevents.
                merge.use_index(False).execute(rows, timeout=_PATIENCE)
        return upserted

    def _tidy(self) -> None:
        with failures(self._uri):
            unindexed = self._table.count_rows() - search_index.indexed(self._table)[1]
            if fragments_of(self._table) > _MANY_FRAGMENTS or unindexed > search_index.EXACT_UP_TO:
                self.compact()

    def _rows(self, sql: str | None, columns: Iterable[str] = COLUMNS) -> Iterator[pa.RecordBatch]:
        return rows_in(self._opened(), sql, columns, uri=self._uri)

    def _items(self, rows: pa.RecordBatch) -> Iterator[CatalogueItem]:
        with failures(self._uri):
            return iter(list(items_of(rows, model=stored_model(self._table.schema)[0])))
