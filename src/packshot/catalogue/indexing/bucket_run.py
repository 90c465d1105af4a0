"""Runs in shards into a catalogue: one process reads their manifests and the embeddings they kept, and writes.

Nothing is decoded and no network is loaded. What the catalogue has already is not read again: a repeated call goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from packshot.catalogue import CatalogueItem
from packshot.catalogue.indexing.embedding import Background, identity
from packshot.catalogue.indexing.index import IndexProgress, IndexSummary
from packshot.catalogue.indexing.item_photo import is_gone
from packshot.catalogue.indexing.item_writer import ItemWriter
from packshot.catalogue.indexing.run_results import read_embedding, with_record
from packshot.catalogue.store import Store
from packshot.catalogue.store.batches import in_batches
from packshot.errors import ObjectNotFound, PackshotError, UsageError
from packshot.records import Record
from packshot.sharded.manifest import manifest_records
from packshot.signals import stop_on_signals
from packshot.storage.objects import ObjectFolder, open_folder
from packshot.values import Status

__all__ = ["index_bucket_runs"]

_BATCH = 2000  # items of a write: as many as photos in a shard
_READS_AT_ONCE = 16


def index_bucket_runs(
    runs: Sequence[str], store: Store, *, progress: Callable[[IndexProgress], None] = lambda _: None
) -> IndexSummary:
    """Add the photos of finished runs in shards to a catalogue; Ctrl-C and SIGTERM end it after a batch.

    Args:
        runs: URIs of their output folders.
        store: the catalogue, open; this process is its writer.
        progress: called after each photo.

    Raises:
        UsageError: there is no finished run, or it went on meanwhile.
        CatalogueMismatch: the catalogue holds embeddings of another network. What was written stays.
        StorageError: a bucket cannot be used.
    """
    started = time.monotonic()
    indexing, left = _Indexing(store, progress), False
    with stop_on_signals() as stop_requested, ThreadPoolExecutor(_READS_AT_ONCE) as pool:
        try:
            for folder, some in _batches(runs):
                if stop_requested():
                    left = True
                    break
                indexing.add(folder, some, pool)
        finally:
            indexing.writer.flush()
    return IndexSummary(
        total=indexing.total,
        upserted=indexing.writer.upserted,
        known=indexing.known,
        failed=indexing.failed,
        seconds=time.monotonic() - started,
        stopped_by=stop_requested.signal_number if left else None,
    )


def _batches(runs: Sequence[str]) -> Iterator[tuple[ObjectFolder, Sequence[Record]]]:
    for uri in runs:
        folder = open_folder(uri)
        for some in in_batches(_finished(folder), _BATCH):
            yield folder, some


class _Indexing:
    def __init__(self, store: Store, tell: Callable[[IndexProgress], None]) -> None:
        self.writer = ItemWriter(store, batch=_BATCH)
        self.total = self.known = self.failed = 0
        self._store, self._tell = store, tell

    def add(self, folder: ObjectFolder, records: Sequence[Record], pool: ThreadPoolExecutor) -> None:
        """Write the items of some photos, but for those that are there."""
        there = self._store.get({record.sha256 for record in records if record.sha256})
        first: dict[str | None, Record] = {}
        for record in records:
            first.setdefault(record.sha256, record)

        def made(record: Record) -> CatalogueItem | PackshotError | None:
            if first[record.sha256] is not record:
                return None  # the same file under another name
            return _item(folder, record, there.get(record.sha256 or ""))

        for record, item in zip(records, pool.map(made, records), strict=True):
            self.total += 1
            if isinstance(item, CatalogueItem):
                self.writer.add(item)
                self._tell(IndexProgress(record.source, item.id, "indexed"))
            elif item is None:
                self.known += 1
                self._tell(IndexProgress(record.source, record.sha256, "known"))
            else:
                self.failed += 1
                self._tell(IndexProgress(record.source, None, "failed", item))


def _item(folder: ObjectFolder, record: Record, there: CatalogueItem | None) -> CatalogueItem | PackshotError | None:
    """A photo's item; None if the catalogue has it as it is, or from another place that is still there."""
    kept = record.embedding
    if kept is None or record.sha256 is None or record.pixel_hash is None:
        return UsageError(
            f"{record.source}: the run kept no embedding", remedy="repeat the run with a describing network"
        )
    model = identity(kept.model, Background.PHOTO)
    if there is not None and there.model == model:
        if there.source != record.source and not is_gone(there.source):
            return None
        now = with_record(replace(there, source=record.source), record)
        return None if now.content_hash == there.content_hash else now
    try:
        embedding = read_embedding(folder.read(kept.file)[0])
    except ObjectNotFound as gone:
        return gone
    if embedding is None:
        return UsageError(f"{folder.uri.child(kept.file)} is damaged", remedy="run into another output folder")
    item = CatalogueItem(record.source, record.sha256, record.pixel_hash, embedding, model)
    return with_record(item, record)


def _finished(folder: ObjectFolder) -> Iterator[Record]:
    for record in manifest_records(folder):
        if record.status not in {Status.FAILED, Status.REJECTED}:
            yield record
