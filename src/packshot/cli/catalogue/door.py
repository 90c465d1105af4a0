"""``packshot run -c``: what a run finished goes into a catalogue, and what is there already is named."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packshot.cli.catalogue.options import store_at

if TYPE_CHECKING:
    from packshot.catalogue.indexing import DeduplicatingInsert
    from packshot.pipeline import Pipeline

__all__ = ["Door", "door"]


class Door:
    """Lets finished photos in and counts.

    Args:
        arrivals: takes them up.
        tell: prints a line for a person.

    Attributes:
        failed: photos that could not be taken up.
        words: what became of them all; once the door is closed.
    """

    def __init__(self, arrivals: DeduplicatingInsert, tell: Callable[[str], None]) -> None:
        self._arrivals = arrivals
        self._tell = tell
        self._there = 0
        self.failed = 0
        self.words = ""

    def take(self, record: Mapping[str, Any]) -> dict[str, Any] | None:
        """The item that shows the same picture, as JSON has it; None for what is new, or could not be taken up."""
        from packshot.catalogue.indexing import DuplicateItem

        came = self._arrivals.take(dict(record))
        if isinstance(came, DuplicateItem):
            self._there += 1
            how = f"{came.kind}, {came.score:.2f}"
            self._tell(f"{record['source']}: already in the catalogue as {came.source} ({how})")
            return {"id": came.id, "source": came.source, "score": round(came.score, 6), "kind": str(came.kind)}
        if came is not None:
            self.failed += 1
            self._tell(f"{record['source']} was not taken up into the catalogue: {came}")
        return None

    def close(self, catalogue: str, items: int) -> None:
        """Write what is waiting."""
        done = self._arrivals.finish()
        self.words = (
            f"{catalogue}: {done.added} added, {done.updated} updated, {self._there} already there as another photo, "
            f"{items + done.added} items"
        )


@contextlib.contextmanager
def door(
    catalogue: str | None, out: str, make_pipeline: Callable[[], Pipeline], *, tell: Callable[[str], None]
) -> Iterator[Door | None]:
    """The door of a catalogue, closed at the end however that comes; None without a catalogue.

    Raises:
        UsageError: it is no catalogue, or the pipeline describes nothing.
        CatalogueError: it cannot be opened or written, or is of another network.
    """
    if catalogue is None:
        yield None
        return
    from packshot.catalogue.indexing import DeduplicatingInsert

    with store_at(catalogue, create=True) as store:
        opened = Door(DeduplicatingInsert(store, Path(out), make_pipeline), tell)
        items = store.count()
        try:
            yield opened
        finally:
            opened.close(catalogue, items)
