"""Photos named by a table: a column of URIs in a CSV or Parquet file or a Lance table, itself anywhere."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from packshot.errors import UsageError
from packshot.storage.objects import ObjectUri, is_object_uri, open_folder

__all__ = ["is_table", "table_sources"]

_KINDS = (".csv", ".parquet", ".lance")
_DEFAULT = "source"


def is_table(source: str) -> bool:
    """Whether a URI names a table, with or without a column.

    Example:
        >>> is_table("s3://shop/new.parquet:photo"), is_table("s3://shop/photos")
        (True, False)
    """
    return _split(source)[0].lower().endswith(_KINDS)


def table_sources(source: str) -> list[str]:
    """The URIs of a table's column, sorted, each once; about 150 MB of memory a million.

    Args:
        source: of the table; ``:COLUMN`` may follow, else it is ``source``. A table on a disk may name files of this
            machine by their absolute paths.

    Raises:
        UsageError: there is no such column, the table cannot be read, a cell is no URI, or an extra is missing.
        StorageError: the bucket cannot be used.
    """
    name, column = _split(source)
    place = ObjectUri.parse(name)
    found = _cells(place, column, name)
    if place.scheme == "file":
        found = [str(ObjectUri.of_path(Path(text))) if text.startswith("/") else text for text in found]
    for number, text in enumerate(found, start=1):
        if not is_object_uri(text):
            what = repr(text) if text else "an empty cell"
            raise UsageError(f"{name}, row {number}: {what} is no URI", remedy=f"write s3://BUCKET/KEY in {column}")
    return sorted(set(found))


def _split(source: str) -> tuple[str, str]:
    scheme, _, rest = source.rstrip("/").partition("://")  # a Lance table is a folder
    path, found, column = rest.rpartition(":")
    if found and path.lower().endswith(_KINDS):
        return f"{scheme}://{path}", column
    return f"{scheme}://{rest}", _DEFAULT


def _cells(place: ObjectUri, column: str, name: str) -> list[str]:
    kind = name.lower()
    if kind.endswith(".lance"):
        from packshot.catalogue.store import table_column  # noqa: PLC0415  # needs the extra

        columns, found = table_column(str(place), column)
        if found is None:
            raise _no_column(name, column, columns)
        return found
    folder, file = place.split()
    data = open_folder(folder).read(file)[0]
    return _parquet(data, column, name) if kind.endswith(".parquet") else _csv(data, column, name)


def _csv(data: bytes, column: str, name: str) -> list[str]:
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        columns = reader.fieldnames or ()
        if column in columns:
            return [row[column] or "" for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{name}: no CSV in UTF-8 ({error})", remedy="save it as CSV in UTF-8") from error
    raise _no_column(name, column, list(columns))


def _parquet(data: bytes, column: str, name: str) -> list[str]:
    from packshot.sharded.parquet import parquet_column  # noqa: PLC0415  # needs the extra

    columns, found = parquet_column(data, column, name=name)
    if found is None:
        raise _no_column(name, column, columns)
    return found


def _no_column(name: str, column: str, columns: list[str]) -> UsageError:
    return UsageError(
        f"{name} has no column {column}, but {', '.join(columns) or 'none'}", remedy=f"name one: {name}:COLUMN"
    )
