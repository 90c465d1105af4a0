"""Rows into one Parquet file."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from packshot.catalogue.store.layout import schema_for
from packshot.errors import OutputError

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
    temporary = path.with_name(f".{secrets.token_hex(8)}.packshot-tmp")
    rows = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            with pq.ParquetWriter(file, schema) as writer:
                for batch in batches:
                    writer.write_batch(
                        pa.RecordBatch.from_arrays([batch.column(name) for name in schema.names], schema=schema)
                    )
                    rows += len(batch)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} could not be written ({error.strerror or error})",
            remedy="free some space, allow writing to the folder, or name another one",
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
    return rows
