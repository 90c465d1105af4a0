"""What of a batch of items a store has to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from packshot.catalogue.record import CatalogueItem
from packshot.catalogue.store.interface import Upserted

__all__ = ["changes"]


def changes(
    batch: Sequence[CatalogueItem], there: Mapping[str, tuple[str, datetime]]
) -> tuple[list[CatalogueItem], Upserted]:
    """The items that are new or say something else now, the last of each id; and what becomes of all of them.

    Args:
        batch: to be written.
        there: id to content hash and first date of those that are there already.
    """
    wanted = {item.id: item for item in batch}
    fresh = [item for item in wanted.values() if item.id not in there]
    changed = [
        replace(item, added=there[item.id][1])
        for item in wanted.values()
        if item.id in there and there[item.id][0] != item.content_hash
    ]
    return fresh + changed, Upserted(len(fresh), len(changed), len(wanted) - len(fresh) - len(changed))
