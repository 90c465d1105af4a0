"""What to do about a table that lacks the column a task needs: which of its columns may be meant, in words."""

from __future__ import annotations

from pathlib import Path

from packshot.datasets.manifest import KNOWN_COLUMNS, is_manifest
from packshot.storage.table import read_table

__all__ = ["missing_column_words"]

_OF_PRODUCTS = "product", "sku", "gtin"  # say which one, and not what it is

#: What other tables call it.
_OTHER_NAMES = {
    "label": ("category", "class", "class_name", "classname", "labels", "tag", "type", "kind", "product_type", "name"),
    "mask": ("masks", "mask_path", "alpha", "segmentation", "matte"),
}


def missing_column_words(root: Path, column: str) -> str | None:
    """How a table's own column becomes the one that is needed; None where the data are no table, or it has that column.

    Args:
        root: a table, or a folder with one.
        column: ``label`` or ``mask``.

    Raises:
        UsageError: the table cannot be read.
    """
    table = _table(root)
    columns = [] if table is None else read_table(table)[0]
    if table is None or column in columns:
        return None
    others = [name for name in columns if name not in {*KNOWN_COLUMNS, *_OF_PRODUCTS}]
    usual = [name for name in _OTHER_NAMES[column] if name in columns]
    meant = usual[0] if usual else others[0] if len(others) == 1 else None
    if meant is not None:
        return f"{table.name} has no column `{column}`; if `{meant}` is meant, call it `{column}` in the first line"
    named = ", ".join(f"`{name}`" for name in columns)
    return f"{table.name} has no column `{column}`, only {named}: call the one that is meant `{column}`, or add it"


def _table(root: Path) -> Path | None:
    if root.is_file():
        return root if root.suffix.lower() != ".json" else None
    return next((table for table in sorted(root.glob("*.csv")) if is_manifest(table)), None)
