"""What a run finished goes into a catalogue while it goes on, and what is there already is named."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from packshot.catalogue.indexing.deduplicating_insert import DeduplicatingInsert, DuplicateItem
from packshot.catalogue.indexing.embedding import describing_network
from packshot.catalogue.indexing.network_check import check_network
from packshot.catalogue.store import open_store
from packshot.counting import counted
from packshot.pipeline import Pipeline
from packshot.records import Record
from packshot.settings import Settings
from packshot.values import Status

__all__ = ["CatalogueInsert", "catalogue_insert"]


class CatalogueInsert:
    """Inserts finished photos and counts.

    Args:
        insert: adds them to the catalogue.
        tell: prints a line for a person.

    Attributes:
        failed: photos that could not be added.
        words: a summary; once it is closed.
    """

    def __init__(self, insert: DeduplicatingInsert, tell: Callable[[str], None]) -> None:
        self._insert = insert
        self._tell = tell
        self._there = 0
        self.failed = 0
        self.words = ""

    def insert(self, record: Record) -> dict[str, object]:
        """Add a finished photo, and give what its row says of that.

        Returns:
            ``already``: the item that shows the same picture, None for what is new or could not be added. Nothing of a
            photo that failed or was rejected, which is not added.
        """
        if record.error is not None or record.status is Status.REJECTED:
            return {}
        return {"already": self._already(record)}

    def _already(self, record: Record) -> dict[str, object] | None:
        came = self._insert.insert(record)
        if isinstance(came, DuplicateItem):
            self._there += 1
            how = f"{came.kind}, {came.score:.2f}"
            self._tell(f"{record.source}: already in the catalogue as {came.source} ({how})")
            return {"id": came.id, "source": came.source, "score": round(came.score, 6), "kind": str(came.kind)}
        if came is not None:
            self.failed += 1
            self._tell(f"{record.source} was not added to the catalogue: {came}")
        return None

    def close(self, catalogue: str, items: int) -> None:
        """Write what is waiting."""
        done = self._insert.finish()
        self.words = (
            f"{catalogue}: {done.added:,} added, {done.updated:,} updated, "
            + (f"{done.unchanged:,} unchanged, " if done.unchanged else "")
            + f"{self._there:,} already there as another photo, {counted(items + done.added, 'item')}"
        )


@contextlib.contextmanager
def catalogue_insert(
    catalogue: str | None,
    out: str,
    make_pipeline: Callable[[], Pipeline],
    *,
    settings: Settings,
    tell: Callable[[str], None],
) -> Iterator[CatalogueInsert | None]:
    """Inserts into a catalogue while the context lasts; None without a catalogue.

    Raises:
        UsageError: it is no catalogue, or the pipeline describes nothing.
        CatalogueError: it cannot be opened or written, or is of another network.
    """
    if catalogue is None:
        yield None
        return
    with open_store(catalogue, create=True) as store:
        check_network(store, settings)
        opened = CatalogueInsert(
            DeduplicatingInsert(store, Path(out), make_pipeline, network=describing_network(settings)), tell
        )
        items = store.count()
        try:
            yield opened
        finally:
            opened.close(catalogue, items)
