"""Photos whose product a person outlined, gathered from many repositories into one table."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from packshot.counting import counted
from packshot.datasets.items import Item, MaskKind, Split
from packshot.errors import UsageError

__all__ = ["outlined_items"]

_EVERY = 12  # of so many photos one is for validation


def outlined_items(table: Path) -> list[Item]:
    """The photos of a table of outlined products, for training and validation.

    Args:
        table: ``outlined.csv`` with the columns ``image, mask, kind``, as recipes/cutout/outlined writes it; paths are
            relative to it, or absolute.

    Returns:
        Items of the set ``outlined`` with the kind as label. The mask's name decides which photos validate.

    Raises:
        UsageError: the table cannot be read, or a photo or mask it names is not there.
    """
    try:
        with table.open(newline="", encoding="utf-8") as file:
            rows = [
                (table.parent / row["image"], table.parent / row["mask"], row["kind"]) for row in csv.DictReader(file)
            ]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"{table}: not a table of outlined photos ({type(error).__name__}: {error})",
            remedy="make it with recipes/cutout/outlined/gather.py",
        ) from error
    missing = [path for photo, mask, _ in rows for path in (photo, mask) if not path.is_file()]
    if missing:
        raise UsageError(
            f"{table}: {counted(len(missing), 'file is', 'files are')} not there, first {missing[0]}",
            remedy="gather them anew, or bring the clones back to where they were",
        )
    return [
        Item("outlined", _split(mask.name), photo, mask, MaskKind.OUTLINED, label=kind, published=True)
        for photo, mask, kind in rows
    ]


def _split(name: str) -> Split:
    number = int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()[:4], "big")
    return Split.VALIDATION if number % _EVERY == 0 else Split.TRAIN
