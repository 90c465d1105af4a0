"""``listing.csv``: what is said of each picture of a channel."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.delivery.item import Item
from packshot.storage.table import csv_table

__all__ = ["LISTING", "listing"]

#: Name of the table in a channel's folder.
LISTING = "listing.csv"
_COLUMNS = ("sku", "file", "status", "reasons", "category", "attributes", "alt text", "title")


def listing(items: Sequence[Item]) -> bytes:
    """The table of one channel, a line for each picture.

    Reasons and attributes (``name=value``) are joined by ``; ``, a category's names by `` > ``.
    """
    return csv_table(
        _COLUMNS,
        [
            (
                item.sku,
                item.file,
                item.status,
                "; ".join(item.reasons),
                " > ".join(item.category),
                "; ".join(f"{name}={value}" for name, value in item.attributes.items()),
                item.alt,
                item.title,
            )
            for item in items
        ],
    )
