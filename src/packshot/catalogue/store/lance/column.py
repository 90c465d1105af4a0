"""One column of a Lance table, a catalogue's or anybody's."""

from __future__ import annotations

from packshot.catalogue.store.lance.opening import connect
from packshot.catalogue.store.pointer import TABLE, Pointer
from packshot.errors import UsageError
from packshot.storage.objects import ObjectUri

__all__ = ["lance_column"]

_SUFFIX = ".lance"


def lance_column(uri: str, column: str) -> tuple[list[str], list[str] | None]:
    """The names of a table's columns, and one column's texts; None where it is not there.

    An empty cell is an empty text.

    Args:
        uri: of the table, ``s3://bucket/lists/new.lance`` or ``file:///lists/new.lance``. A catalogue's
            ``CATALOGUE/items.lance`` is the table that searches ask, also after it was moved to another embedding.
        column: its name.

    Raises:
        UsageError: there is no such table, or it is damaged.
    """
    folder, file = ObjectUri.parse(uri).split()
    place, name = folder.path if folder.scheme == "file" else str(folder), file.removesuffix(_SUFFIX)
    try:
        table = connect(place).open_table(Pointer(place).read().table if name == TABLE else name)
        columns = [str(each) for each in table.schema.names]
        if column not in columns:
            return columns, None
        found: list[str] = []
        for rows in table.search().select([column]).to_batches():
            found += ["" if cell is None else str(cell) for cell in rows.column(0).to_pylist()]
    except (RuntimeError, ValueError, OSError) as error:
        said = str(error).strip().split("\n", 1)[0][:200]
        raise UsageError(f"{uri}: no Lance table, or damaged ({said})", remedy="check the address") from error
    return columns, found
