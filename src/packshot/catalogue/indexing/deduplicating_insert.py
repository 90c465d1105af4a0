"""Deduplicating insert: what a run finished is added to the catalogue, unless the same picture is there already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packshot.batch.isolation import unforeseen
from packshot.catalogue import CatalogueItem
from packshot.catalogue.indexing.embedding import background_of
from packshot.catalogue.indexing.item_writer import ItemWriter
from packshot.catalogue.indexing.work import IndexTask, IndexWork
from packshot.catalogue.store import Filter, Store, Upserted
from packshot.duplicates import CopyKind, Fingerprint, fingerprint_of, match_fingerprints, read_fingerprint
from packshot.errors import PackshotError, PhotoError
from packshot.limits import Limits
from packshot.photo import decode
from packshot.pipeline import Pipeline
from packshot.records import Record

__all__ = ["DeduplicatingInsert", "DuplicateItem", "find_duplicate_item"]

_COMPARED = 4  # nearest items that are laid over the photo


@dataclass(frozen=True, slots=True)
class DuplicateItem:
    """The item that shows the same picture.

    Attributes:
        id: of the item.
        source: of the item.
        score: 0..1, how sure.
        kind: how the two differ.
    """

    id: str
    source: str
    score: float
    kind: CopyKind


def find_duplicate_item(
    item: CatalogueItem, store: Store, *, fingerprint: Fingerprint | None = None, limits: Limits | None = None
) -> DuplicateItem | None:
    """Whether a catalogue has the picture under another file.

    Items with the same pixels, and the nearest ones by embedding, which are verified pixel by pixel; of those whose
    photo is not at hand any more nothing can be said.

    Args:
        item: the new one.
        store: the catalogue.
        fingerprint: of the new one's photo; by default it is calculated from its source.
        limits: on what is decoded.

    Raises:
        PhotoError: the item's own photo cannot be read.
        CatalogueMismatch: it was embedded by another network than the catalogue's items.
    """
    limits = limits or Limits()
    same = next((each for each in store.items(Filter(pixel_hash={item.pixel_hash})) if each.id != item.id), None)
    if same is not None:
        return DuplicateItem(same.id, same.source, 1.0, CopyKind.EXACT)
    mine = fingerprint or fingerprint_of(decode(item.source, limits=limits).rgb)
    found: list[DuplicateItem] = []
    for hit in store.search(item.embedding, model=item.model, k=_COMPARED + 1)[0]:
        if hit.id == item.id:
            continue
        try:
            match = match_fingerprints(mine, fingerprint_of(decode(hit.source, limits=limits).rgb))
        except PackshotError:
            continue
        if match is not None and match.duplicate:
            found.append(DuplicateItem(hit.id, hit.source, match.score, match.kind))
    return max(found, key=lambda each: each.score, default=None)


class DeduplicatingInsert:
    """Adds the results of a run to a catalogue, one after another.

    Of one run only files of the same bytes are told as the same picture: they are one item, that of the first of them.

    Args:
        store: the catalogue.
        out: the run's folder.
        make_pipeline: makes what the run used.
        network: name and hash of its describing network, if that is known: the pipeline is then made only if needed.

    Raises:
        CatalogueMismatch: the catalogue's embeddings are of another network.
        UsageError: the pipeline describes nothing.
    """

    def __init__(
        self, store: Store, out: Path, make_pipeline: Callable[[], Pipeline], *, network: str | None = None
    ) -> None:
        self._store = store
        self._out = out
        self._writer = ItemWriter(store)
        self._inserted: dict[str, str] = {}  # id of each item to the photo it came from
        self._work = IndexWork(make_pipeline, background_of(store.model or ""), store.model, store.uri, network=network)

    def insert(self, record: Record) -> DuplicateItem | PackshotError | None:
        """Add a finished photo, unless the same picture is there already.

        Args:
            record: its line of the manifest.

        Returns:
            The item that shows the same picture; why the photo cannot be added; None if it was added, or had been.

        Raises:
            CatalogueError: the catalogue cannot be read or written.
        """
        made = self._work(IndexTask(record.source, record.source, record, str(self._out)))
        if isinstance(made, PackshotError):
            return made
        first = self._inserted.setdefault(made.id, made.source)
        if first != made.source:
            return DuplicateItem(made.id, first, 1.0, CopyKind.EXACT)
        if not self._store.get([made.id]):
            kept = None if record.fingerprint is None else read_fingerprint(self._out / record.fingerprint)
            try:
                already = find_duplicate_item(made, self._store, fingerprint=kept)
            except PhotoError as error:
                return error
            except MemoryError as error:
                return unforeseen(error)
            if already is not None:
                return already
        self._writer.add(made)
        return None

    def finish(self) -> Upserted:
        """Write what is waiting, and say what was written in all."""
        self._writer.flush()
        return self._writer.upserted
