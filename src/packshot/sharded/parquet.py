"""Parquet, read and written by pyarrow (extra ``cloud``): a column of a table; what a run writes as tables."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from packshot.closing import Closing
from packshot.errors import UsageError
from packshot.extras import installing
from packshot.records import Record

try:
    import pyarrow as pa
    from pyarrow import parquet
except ImportError as missing:
    raise UsageError("Parquet needs pyarrow, which is not installed", remedy=installing("cloud")) from missing

__all__ = ["DUPLICATES_COLUMNS", "MANIFEST_COLUMNS", "ParquetTable", "manifest_row", "parquet_column"]

_ROWS = 10_000  # of a row group: some MB of memory

MANIFEST_COLUMNS = pa.schema(
    [
        ("source", pa.string()),
        ("sku", pa.string()),
        ("sha256", pa.string()),
        ("pixel_hash", pa.string()),
        ("status", pa.string()),
        ("review", pa.list_(pa.string())),
        ("error", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("category", pa.list_(pa.string())),
        ("uncertainty", pa.float32()),
        ("ready", pa.float32()),
        ("mask", pa.string()),
        ("cutout", pa.string()),
        ("packshots", pa.map_(pa.string(), pa.string())),
        ("embedding", pa.string()),
    ]
)


DUPLICATES_COLUMNS = pa.schema(
    [
        ("group", pa.int64()),
        ("members", pa.list_(pa.string())),
        ("score", pa.float64()),
        ("best", pa.string()),
        ("kinds", pa.list_(pa.string())),
        ("scores", pa.list_(pa.float64())),
        ("skus", pa.list_(pa.string())),
    ]
)


def parquet_column(data: bytes, column: str, *, name: str) -> tuple[list[str], list[str] | None]:
    """The names of a table's columns, and one column's texts; None where it is not there.

    An empty cell is an empty text. Texts that were written as plain bytes, as some tools do, count as texts.

    Raises:
        UsageError: it is no Parquet, or it is damaged.
    """
    try:
        table = parquet.ParquetFile(io.BytesIO(data))
        columns = [str(each) for each in table.schema_arrow.names]
        if column not in columns:
            return columns, None
        cells = table.read([column]).column(0).to_pylist()
        return columns, [_text(cell) for cell in cells]
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).strip().split("\n", 1)[0]
        raise UsageError(f"{name}: no Parquet, or damaged ({said})", remedy="write it anew") from error


def _text(cell: object) -> str:
    if isinstance(cell, bytes):
        return cell.decode("utf-8")
    return "" if cell is None else str(cell)


class ParquetTable(Closing):
    """A table, written row group by row group.

    Args:
        path: of the file.
        schema: its columns.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = parquet.ParquetWriter(path, schema, compression="zstd")
        self._schema = schema
        self._rows: list[Mapping[str, object]] = []

    def close(self) -> None:
        """Write what is left, and the file's end."""
        self._flush()
        self._writer.close()

    def add(self, row: Mapping[str, object]) -> None:
        """One more row."""
        self._rows.append(row)
        if len(self._rows) == _ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()


def manifest_row(record: Record) -> dict[str, object]:
    """The manifest's main columns of one photo."""
    width, height = record.size or (None, None)
    path = () if record.category is None else record.category.path
    return {
        "source": record.source,
        "sku": record.sku,
        "sha256": record.sha256,
        "pixel_hash": record.pixel_hash,
        "status": record.status.value,
        "review": list(record.review),
        "error": None if record.error is None else record.error.code,
        "width": width,
        "height": height,
        "category": [step.id for step in path],
        "uncertainty": record.uncertainty,
        "ready": record.ready,
        "mask": record.mask,
        "cutout": record.cutout,
        "packshots": [(name, picture.file) for name, picture in record.packshots.items()],
        "embedding": None if record.embedding is None else record.embedding.file,
    }
