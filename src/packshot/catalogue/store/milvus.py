"""Records in Milvus, for a catalogue that a cluster serves; what a method does is said in `Store`."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pymilvus import MilvusClient

from packshot.addresses import split_address
from packshot.catalogue.record import CatalogueItem, Embedding
from packshot.catalogue.store.batches import in_batches
from packshot.catalogue.store.changes import changes
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
from packshot.catalogue.store.layout import SCHEMA_VERSION, embeddings_of, items_of
from packshot.catalogue.store.milvus_failures import failures
from packshot.catalogue.store.milvus_rows import (
    among,
    batch_of,
    collection_schema,
    expression_of,
    key_of,
    moment_of,
    row_of,
)
from packshot.catalogue.store.model_match import check_items, check_queries
from packshot.catalogue.store.parquet import export_rows
from packshot.catalogue.store.verification import find_problems
from packshot.errors import CatalogueMismatch, UsageError

__all__ = ["MilvusStore"]

_BATCH = 1_000
_COLLECTION = "packshot"
_TOLD = ["id", "source", "category"]  # of a hit
_NO_SNAPSHOTS = "keep the catalogue in a folder or on object storage, or use Milvus' own backups"

# It logs a traceback for every error that it also raises.
logging.getLogger("pymilvus").setLevel(logging.CRITICAL)


class MilvusStore(Store):
    """A `Store` on a Milvus cluster, or in a Milvus Lite file for trying things out.

    Differences to a folder: no snapshots; several writers at once are kept apart by Milvus, an item at a time; on a
    cluster the index answers unless an exact search is asked for, which reads every embedding over the network.

    Args:
        uri: ``milvus://host:port/collection`` (the token from the environment's ``MILVUS_TOKEN``), or ``milvus+`` and
            the path of a Milvus Lite file.
        create: whether a missing collection is made by the first `upsert`.

    Raises:
        UsageError: there is no such catalogue.
        CatalogueError: the server cannot be reached.
        CatalogueMismatch: it was written by a newer packshot.
    """

    def __init__(self, uri: str, *, create: bool = False) -> None:
        self._uri = uri
        self._known_about: tuple[str, int] | None = None
        if uri.startswith("milvus+"):
            address, self._collection, self._lite = uri.removeprefix("milvus+"), _COLLECTION, True
            if not create and not Path(address).exists():
                raise UsageError(f"there is no catalogue in {address}", remedy="make one: packshot index PHOTOS")
            Path(address).parent.mkdir(parents=True, exist_ok=True)
        else:
            parts = split_address(uri)
            if parts is None:
                raise UsageError(f"{uri}: no address of a catalogue", remedy="such as milvus://host:19530/shop")
            address, self._lite = f"http://{parts.netloc}", False
            self._collection = parts.path.strip("/") or _COLLECTION
        with failures(self._uri):
            self._client: Any = MilvusClient(address, token=os.environ.get("MILVUS_TOKEN", ""))
            missing = not self._client.has_collection(self._collection)
        if missing and not create:
            raise UsageError(f"there is no catalogue at {uri}", remedy="make one: packshot index PHOTOS")
        self._about()

    @property
    def uri(self) -> str:
        return self._uri

    @property
    def model(self) -> str | None:
        about = self._about()
        return about and about[0]

    @property
    def dimension(self) -> int | None:
        about = self._about()
        return about and about[1]

    def upsert(self, items: Iterable[CatalogueItem]) -> Upserted:
        done = Upserted()
        for batch in in_batches(items, _BATCH):
            check_items(batch, model=self.model, dimension=self.dimension, uri=self._uri)
            self._make(dimension=len(batch[0].embedding))
            columns = ["id", "content_hash", "added"]
            rows = self._query(among("key", [key_of(item.id) for item in batch]), columns)
            new, upserted = changes(batch, {row["id"]: (row["content_hash"], moment_of(row["added"])) for row in rows})
            if new:
                with failures(self._uri):
                    self._client.upsert(self._collection, [row_of(item) for item in new])
            done += upserted
        return done

    def delete(self, ids: Iterable[str]) -> int:
        gone = 0
        for batch in in_batches(ids, _BATCH):
            there = [row["key"] for row in self._query(among("key", [key_of(name) for name in batch]), ["key"])]
            if there:
                with failures(self._uri):
                    self._client.delete(self._collection, ids=there)
            gone += len(there)
        return gone

    def get(self, ids: Iterable[str]) -> dict[str, CatalogueItem]:
        found: dict[str, CatalogueItem] = {}
        for batch in in_batches(ids, _BATCH):
            for rows in self._rows(among("key", [key_of(name) for name in batch])):
                found |= {item.id: item for item in items_of(rows, model=self.model or "")}
        return found

    def items(self, where: Filter = EVERYTHING) -> Iterator[CatalogueItem]:
        for rows in self._rows(expression_of(where)):
            yield from items_of(rows, model=self.model or "")

    def embeddings(self, where: Filter = EVERYTHING) -> Iterator[tuple[list[str], Embedding]]:
        for rows in self._rows(expression_of(where)):
            yield rows.column("id").to_pylist(), embeddings_of(rows)

    def search(
        self, vectors: Embedding, *, model: str, k: int = 10, where: Filter = EVERYTHING, exact: bool | None = None
    ) -> list[list[Hit]]:
        if k < 1:
            raise ValueError(f"k: expected 1 or more, got {k}")
        about = self._about()
        dimension = about and about[1]
        queries = check_queries(vectors, of_model=model, model=about and about[0], dimension=dimension, uri=self._uri)
        if about is None:
            return [[] for _ in queries]
        if exact and not self._lite:
            return self._compared_with_all(queries, k=k, where=where)
        with failures(self._uri):
            found = self._client.search(
                self._collection,
                data=list(queries),
                filter=expression_of(where),
                limit=k,
                output_fields=_TOLD,
                anns_field="embedding",
            )
        return [[_hit(hit["entity"], hit["distance"]) for hit in hits] for hits in found]

    def count(self, where: Filter = EVERYTHING) -> int:
        if not self._is_there():
            return 0
        with failures(self._uri):
            counted = self._client.query(self._collection, filter=expression_of(where), output_fields=["count(*)"])
        return int(counted[0]["count(*)"])

    def stats(self, *, recall_sample: int = 0) -> StoreStats:
        del recall_sample  # the index is Milvus' own, and Milvus Lite has none
        about = self._about()
        items = self.count()
        index = None if self._lite or about is None else "AUTOINDEX"
        return StoreStats(
            uri=self._uri,
            items=items,
            model=about and about[0],
            dimension=about and about[1],
            schema_version=SCHEMA_VERSION,
            fragments=0,
            snapshots=0,
            stored_bytes=None,
            index=index,
            indexed=items if index else 0,
        )

    def verify(self) -> list[Problem]:
        return find_problems(self, self._rows(""))

    def compact(self, *, keep: timedelta = KEEP) -> None:
        del keep  # no snapshots
        if self._is_there():
            with failures(self._uri):
                self._client.flush(self._collection)
                self._client.compact(self._collection)

    def snapshots(self) -> list[Snapshot]:
        raise UsageError("Milvus keeps no snapshots", remedy=_NO_SNAPSHOTS)

    def restore(self, version: int) -> None:
        raise UsageError(f"Milvus keeps no snapshots, so none of number {version}", remedy=_NO_SNAPSHOTS)

    def export(self, path: Path, where: Filter = EVERYTHING) -> int:
        about = self._about()
        if about is None:
            raise UsageError(f"{self._uri} is empty: there is nothing to export", remedy="index photos first")
        return export_rows(path, self._rows(expression_of(where)), model=about[0], dimension=about[1])

    def close(self) -> None:
        self._client.close()

    def _is_there(self) -> bool:
        with failures(self._uri):
            return bool(self._client.has_collection(self._collection))

    def _about(self) -> tuple[str, int] | None:
        """Model and dimension, as any row tells them; None until the first item is written."""
        if self._known_about is not None or not self._is_there():
            return self._known_about
        with failures(self._uri):
            rows = self._client.query(
                self._collection, filter="", limit=1, output_fields=["model", "schema_version", "embedding"]
            )
        if not rows:
            return None
        if rows[0]["schema_version"] > SCHEMA_VERSION:
            raise CatalogueMismatch(
                f"{self._uri} was written by a newer packshot (layout {rows[0]['schema_version']})",
                remedy="upgrade packshot",
            )
        self._known_about = str(rows[0]["model"]), len(rows[0]["embedding"])
        return self._known_about

    def _make(self, *, dimension: int) -> None:
        if self._is_there():
            return
        index = MilvusClient.prepare_index_params()
        # Milvus Lite's approximate indexes lose neighbours under a filter.
        kind = "FLAT" if self._lite else "AUTOINDEX"
        index.add_index("embedding", index_type=kind, metric_type="COSINE")
        schema = collection_schema(dimension=dimension)
        with failures(self._uri):
            self._client.create_collection(
                self._collection, schema=schema, index_params=index, consistency_level="Strong"
            )

    def _query(self, expression: str, columns: list[str]) -> Iterator[dict[str, Any]]:
        if not self._is_there():
            return
        with failures(self._uri):
            pages = self._client.query_iterator(
                self._collection, batch_size=_BATCH, filter=expression, output_fields=columns
            )
        try:
            while True:
                with failures(self._uri):
                    page = pages.next()
                if not page:
                    return
                yield from page
        finally:
            pages.close()

    def _rows(self, expression: str) -> Iterator[pa.RecordBatch]:
        about = self._about()
        if about is not None:
            for page in in_batches(self._query(expression, ["*"]), _BATCH):
                yield batch_of(page, model=about[0], dimension=about[1])

    def _compared_with_all(self, queries: Embedding, *, k: int, where: Filter) -> list[list[Hit]]:
        best: list[list[tuple[float, str]]] = [[] for _ in queries]
        for names, vectors in self.embeddings(where):
            for number, scores in enumerate(queries @ vectors.T):
                order = np.argsort(-scores, kind="stable")[:k]
                best[number] = sorted([*best[number], *((float(scores[at]), names[at]) for at in order)], reverse=True)[
                    :k
                ]
        keys = [key_of(name) for of_one in best for _, name in of_one]
        rows = {row["id"]: row for row in self._query(among("key", keys), _TOLD)}
        return [[_hit(rows[name], score) for score, name in of_one] for of_one in best]


def _hit(row: Mapping[str, Any], cosine: float) -> Hit:
    category = tuple(json.loads(row["category"]))
    return Hit(id=row["id"], source=row["source"], score=min(1.0, max(-1.0, cosine)), category=category)
