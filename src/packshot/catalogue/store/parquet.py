"""Rows into one Parquet file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from packshot.catalogue.store.layout import schema_for
from packshot.storage.atomic import atomic_file

__all__ = ["export_rows"]


def export_rows(path: Path, batches: Iterable[pa.RecordBatch], *, model: str, dimension: int) -> int:
    """Write `path` whole or not at all.

    Args:
        path: of the file to make or replace.
        batches: rows as `packshot.catalogue.store.layout` lays them out.
        model: of their embeddings; the file's metadata tell it.
        dimension: of their embeddings.

    Returns:
        How many rows were written.

    Raises:
        OutputError: it could not be written; nothing is left behind.
    """
    schema = schema_for(model=model, dimension=dimension)
    rows = 0
    with atomic_file(path) as file, pq.ParquetWriter(file, schema) as writer:
        for batch in batches:
            writer.write_batch(pa.RecordBatch.from_arrays([batch.column(name) for name in schema.names], schema=schema))
            rows += len(batch)
    return rows
