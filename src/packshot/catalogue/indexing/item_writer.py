"""Items one by one into a store that wants them by the hundred."""

from __future__ import annotations

import time

from packshot.catalogue import CatalogueItem
from packshot.catalogue.store import Store, Upserted

__all__ = ["ItemWriter"]

# Items written at once, and seconds after which fewer are: every write makes files, and a killed run loses one batch.
_BATCH = 500
_PATIENCE_S = 30.0


class ItemWriter:
    """Gathers items and writes many at once.

    Args:
        store: the catalogue.
        batch: items written at once.

    Attributes:
        upserted: what became of those that were written.
    """

    def __init__(self, store: Store, *, batch: int = _BATCH) -> None:
        self.upserted = Upserted()
        self._store, self._batch = store, batch
        self._items: list[CatalogueItem] = []
        self._since = time.monotonic()

    def add(self, item: CatalogueItem) -> None:
        """Take an item; once there are enough, or they have waited long enough, they are written.

        Raises:
            CatalogueError: they could not be.
            OutputError: the disk is full, or may not be written.
        """
        self._items.append(item)
        if len(self._items) >= self._batch or time.monotonic() - self._since > _PATIENCE_S:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting; raises as `add` does."""
        items, self._items = self._items, []
        if items:
            self.upserted += self._store.upsert(items)
        self._since = time.monotonic()
