"""How an item lies in a row. The key column is marked so that concurrent merges cannot write it twice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from packshot.catalogue.record import CatalogueItem, Embedding
from packshot.errors import CatalogueMismatch, UsageError

__all__ = [
    "COLUMNS",
    "KEY",
    "SCHEMA_VERSION",
    "check_schema",
    "embeddings_of",
    "items_of",
    "rows_of",
    "schema_for",
    "stored_model",
]

#: Raised by one when an older packshot could no longer read what is written.
SCHEMA_VERSION = 1
KEY = "id"

_VERSION_KEY = b"packshot.schema_version"
_MODEL_KEY = b"packshot.model"
# Without it two merges at once, each with the same new keys, write the rows of both.
_UNIQUE = {"lance-schema:unenforced-primary-key": "true"}
_TIME = pa.timestamp("us", tz="UTC")


def schema_for(*, model: str, dimension: int) -> pa.Schema:
    """The table's schema, which also tells the version of the layout and the model of the embeddings."""
    return pa.schema(
        [
            pa.field(KEY, pa.string(), nullable=False, metadata=_UNIQUE),
            pa.field("source", pa.string(), nullable=False),
            pa.field("sha256", pa.string(), nullable=False),
            pa.field("pixel_hash", pa.string(), nullable=False),
            pa.field("files", pa.string(), nullable=False),  # JSON
            pa.field("category", pa.list_(pa.string()), nullable=False),
            pa.field("category_score", pa.float64()),
            pa.field("attributes", pa.list_(pa.string()), nullable=False),  # name=value
            pa.field("findings", pa.string(), nullable=False),  # JSON
            pa.field("packshot_version", pa.string(), nullable=False),
            pa.field("added", _TIME, nullable=False),
            pa.field("updated", _TIME, nullable=False),
            pa.field("content_hash", pa.string(), nullable=False),
            pa.field("embedding", pa.list_(pa.float32(), dimension), nullable=False),
        ],
        metadata={_VERSION_KEY: str(SCHEMA_VERSION).encode(), _MODEL_KEY: model.encode()},
    )


COLUMNS: tuple[str, ...] = tuple(schema_for(model="", dimension=1).names)


def check_schema(schema: pa.Schema, *, uri: str) -> None:
    """Refuse a table that this packshot does not understand.

    Raises:
        UsageError: it is no catalogue.
        CatalogueMismatch: it was written by a newer packshot.
    """
    version = (schema.metadata or {}).get(_VERSION_KEY, b"").decode(errors="replace")
    if not version.isdecimal() or _MODEL_KEY not in schema.metadata:
        raise UsageError(f"{uri} holds a table, but no catalogue of packshot", remedy="name another folder")
    if int(version) > SCHEMA_VERSION:
        raise CatalogueMismatch(
            f"{uri} was written by a newer packshot (layout {version}, this one knows {SCHEMA_VERSION})",
            remedy="upgrade packshot",
        )


def stored_model(schema: pa.Schema) -> tuple[str, int]:
    """Identity of the model and dimension of the embeddings."""
    return schema.metadata[_MODEL_KEY].decode(), schema.field("embedding").type.list_size


def rows_of(items: Sequence[CatalogueItem], schema: pa.Schema) -> pa.Table:
    """Items as rows; every embedding has the schema's dimension."""
    columns: dict[str, object] = {
        name: [getattr(item, name) for item in items]
        for name in COLUMNS
        if name not in {"files", "attributes", "findings", "category", "embedding"}
    }
    columns["files"] = [_json(item.files) for item in items]
    columns["findings"] = [_json(item.findings) for item in items]
    columns["category"] = [list(item.category) for item in items]
    columns["attributes"] = [[f"{name}={value}" for name, value in item.attributes.items()] for item in items]
    vectors = np.concatenate([item.embedding for item in items])
    columns["embedding"] = pa.FixedSizeListArray.from_arrays(
        pa.array(vectors), schema.field("embedding").type.list_size
    )
    return pa.table([pa.array(columns[field.name], field.type) for field in schema], schema=schema)


def items_of(rows: pa.Table | pa.RecordBatch, *, model: str) -> Iterator[CatalogueItem]:
    """Rows as items.

    Raises:
        ValueError: a row is not what was written.
    """
    vectors = embeddings_of(rows)
    for row, vector in zip(rows.drop_columns(["embedding", "content_hash"]).to_pylist(), vectors, strict=True):
        yield CatalogueItem(
            **{
                **row,
                "files": json.loads(row["files"]),
                "findings": json.loads(row["findings"]),
                "category": tuple(row["category"]),
                "attributes": dict(pair.split("=", 1) for pair in row["attributes"]),
            },
            embedding=vector,
            model=model,
        )


def embeddings_of(rows: pa.Table | pa.RecordBatch) -> Embedding:
    """The embeddings of rows, float32 (n, d)."""
    column = rows.column("embedding")
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return np.asarray(column.flatten(), np.float32).reshape(len(rows), column.type.list_size)


def _json(value: Any) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True)
