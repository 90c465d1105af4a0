"""How an item lies in Milvus, and how a filter asks for it.

Milvus Lite has no parameters for its expressions, so none holds a text a person typed: what can be asked for is kept
once more as a SHA-256, and an expression is made of hexadecimal digits and whole numbers only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pyarrow as pa
from pymilvus import DataType, MilvusClient

from packshot.catalogue.record import CatalogueItem
from packshot.catalogue.store.conditions import Language
from packshot.catalogue.store.interface import Filter
from packshot.catalogue.store.layout import SCHEMA_VERSION, schema_for

__all__ = ["among", "batch_of", "collection_schema", "expression_of", "key_of", "moment_of", "row_of"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HEX = re.compile(r"[0-9a-f]+")
_LONGEST_TEXT = 65_535  # bytes, Milvus' own bound


def collection_schema(*, dimension: int) -> Any:
    """The collection's fields; every row tells the layout's version and the model, for Milvus Lite keeps no notes."""
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=64)
    schema.add_field("schema_version", DataType.INT64)
    schema.add_field("labels", DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=4096, max_length=64)
    for name in ("sha256", "pixel_hash", "content_hash", "model", "packshot_version"):
        schema.add_field(name, DataType.VARCHAR, max_length=256)
    # JSON: what else is in the record.
    for name in ("id", "source", "files", "category", "attributes", "findings"):
        schema.add_field(name, DataType.VARCHAR, max_length=_LONGEST_TEXT)
    schema.add_field("category_score", DataType.DOUBLE, nullable=True)
    schema.add_field("added", DataType.INT64)
    schema.add_field("updated", DataType.INT64)
    schema.add_field("embedding", DataType.FLOAT_VECTOR, dim=dimension)
    return schema


def key_of(id_: str) -> str:
    """The primary key of an id: Milvus takes only short ones."""
    return sha256(id_.encode(errors="replace")).hexdigest()


def row_of(item: CatalogueItem) -> dict[str, object]:
    """An item as a row."""
    attributes = [f"{name}={value}" for name, value in item.attributes.items()]
    return {
        "key": key_of(item.id),
        "schema_version": SCHEMA_VERSION,
        "labels": [_category(name) for name in item.category] + [_attribute(pair) for pair in attributes],
        "sha256": item.sha256,
        "pixel_hash": item.pixel_hash,
        "content_hash": item.content_hash,
        "model": item.model,
        "packshot_version": item.packshot_version,
        "id": item.id,
        "source": item.source,
        "files": _json(item.files),
        "category": json.dumps(item.category),
        "attributes": json.dumps(attributes),
        "findings": _json(item.findings),
        "category_score": item.category_score,
        "added": _microseconds(item.added),
        "updated": _microseconds(item.updated),
        "embedding": item.embedding,
    }


def batch_of(rows: Iterable[Mapping[str, Any]], *, model: str, dimension: int) -> pa.RecordBatch:
    """Rows as every store hands them on; see `packshot.catalogue.store.layout`."""
    schema = schema_for(model=model, dimension=dimension)
    lists = [
        {
            **{name: row[name] for name in schema.names},
            "category": json.loads(row["category"]),
            "attributes": json.loads(row["attributes"]),
            "added": moment_of(row["added"]),
            "updated": moment_of(row["updated"]),
        }
        for row in rows
    ]
    return pa.RecordBatch.from_pylist(lists, schema=schema)


def expression_of(where: Filter) -> str:
    """The condition; empty for everything."""
    return " and ".join(_EXPRESSIONS.conditions(where))


def among(column: str, values: Collection[str]) -> str:
    """The condition that a column of hexadecimal digits holds one of the values; other values it cannot hold."""
    quoted = ", ".join(f'"{value}"' for value in sorted(set(values)) if _HEX.fullmatch(value))
    return f"{column} in [{quoted}]" if quoted else "schema_version < 0"


def _labelled(label: str) -> str:
    return f'array_contains(labels, "{label}")'


def _category(name: str) -> str:
    return key_of(f"category\0{name}")


def _attribute(pair: str) -> str:
    return key_of(f"attribute\0{pair}")


def moment_of(microseconds: int) -> datetime:
    """The time a row tells."""
    return _EPOCH + microseconds * _MICROSECOND


def _microseconds(moment: datetime) -> int:
    return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True)


_EXPRESSIONS = Language(
    category=lambda category: _labelled(_category(category)),
    attribute=lambda pair: _labelled(_attribute(pair)),
    moment=_microseconds,
    among=among,
)
