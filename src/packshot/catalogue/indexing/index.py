"""Photos into the catalogue: worker processes embed, this process writes, batch after batch."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from packshot.batch.sources import find_sources
from packshot.catalogue import CatalogueItem
from packshot.catalogue.indexing.embedding import Background
from packshot.catalogue.indexing.item_writer import ItemWriter
from packshot.catalogue.indexing.run_results import is_run_folder, run_records
from packshot.catalogue.indexing.work import Indexed, IndexTask, IndexWork
from packshot.catalogue.store import Store, Upserted
from packshot.catalogue.store.batches import in_batches
from packshot.engines import Done, Engine, choose_engine, worker_count
from packshot.errors import PackshotError, UsageError
from packshot.pipeline import Pipeline
from packshot.signals import stop_on_signals
from packshot.storage.hashing import sha256_of_file
from packshot.values import Status

__all__ = ["IndexProgress", "IndexSummary", "index_photos"]

_LOOKED_UP = 256  # photos at once
_FEW = 8  # photos that are done before worker processes would have started


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """One photo is finished.

    Attributes:
        source: as it was named.
        id: of its item; None if it failed.
        status: ``indexed``, ``known`` (the same file is in the catalogue already), or ``failed``.
        error: why it failed.
    """

    source: str
    id: str | None
    status: Literal["indexed", "known", "failed"]
    error: PackshotError | None = None


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What became of the photos.

    Attributes:
        total: photos that were found.
        upserted: what the catalogue did with those that were embedded, or taken over from a run.
        known: of the same content as an item that is there already; they were not embedded again.
        failed: each was named.
        seconds: it took.
        stopped_by: number of the signal that stopped it early, None if it went through.
    """

    total: int
    upserted: Upserted
    known: int
    failed: int
    seconds: float
    stopped_by: int | None

    @property
    def exit_code(self) -> int:
        """0 when all went well, 3 when photos failed, 128 + signal when it was stopped."""
        if self.stopped_by is not None:
            return 128 + self.stopped_by
        return 3 if self.failed else 0


def index_photos(
    sources: Iterable[str | Path],
    store: Store,
    make_pipeline: Callable[[], Pipeline],
    *,
    background: Background = Background.PHOTO,
    jobs: int | None = None,
    time_limit_s: float = 60.0,
    again: bool = False,
    root: Path | None = None,
    progress: Callable[[IndexProgress], None] | None = None,
    engine: Engine | None = None,
) -> IndexSummary:
    """Add photos, and the results of runs, to a catalogue.

    A photo whose very file is there already is not embedded again; its path is brought up to date if the old one is
    gone. Ctrl-C and SIGTERM end it after the photos in hand, and the same call goes on from there.

    Args:
        sources: files, folders or globs of photos; a folder that `packshot run` wrote to gives its results.
        store: the catalogue, open.
        make_pipeline: called once in each worker process, so it must survive pickling (a function of a module, or a
            `functools.partial` of one) unless the work is done in this process.
        background: what products stand on when they are embedded; the same for the whole catalogue.
        jobs: worker processes; 1 works in this process. By default one per core, and none for a few photos.
        time_limit_s: seconds one photo may take in a worker process.
        again: embed photos that are known as well.
        root: where `packshot run` was typed, if its photos were named by relative paths; by default here.
        progress: called in this process after each photo.
        engine: another way to run the tasks than the one `jobs` asks for.

    Raises:
        UsageError: no photos.
        CatalogueMismatch: the catalogue holds embeddings of another network, or made on another background.
        CatalogueLocked: another writer holds it. What was written stays.
        OutputError: it cannot be written. What was written stays.
    """
    started = time.monotonic()
    tell = progress or (lambda _: None)
    tasks = list(_tasks(list(sources), root or Path()))
    engine = engine or choose_engine(worker_count(jobs, len(tasks), few=_FEW), time_limit_s=time_limit_s)
    work = functools.partial(IndexWork, make_pipeline, background, store.model, store.uri)
    counts = {"known": 0, "failed": 0}
    finished = 0
    writer = ItemWriter(store)

    def unknown() -> Iterator[IndexTask]:
        """Passes on what must be embedded; tells of the rest."""
        nonlocal finished
        seen: set[str] = set()
        for some in in_batches(tasks, _LOOKED_UP):
            hashes = [_hash(task) for task in some]
            there = {} if again else store.get({sha256 for sha256 in hashes if sha256 is not None})
            for task, sha256 in zip(some, hashes, strict=True):
                twin = sha256 is not None and sha256 in seen
                if sha256 is None or (not twin and (sha256 not in there or task.record is not None)):
                    seen |= {sha256} if sha256 is not None else set()
                    yield task
                    continue
                if not twin and not Path(there[sha256].source).exists():
                    writer.add(replace(there[sha256], source=task.source))
                counts["known"] += 1
                finished += 1
                tell(IndexProgress(task.source, sha256, "known"))

    with stop_on_signals() as stopping, contextlib.closing(engine.run(unknown(), work, stopping=stopping)) as outcomes:
        try:
            for outcome in outcomes:
                done: Indexed = outcome.outcome if isinstance(outcome, Done) else outcome.error
                finished += 1
                if isinstance(done, CatalogueItem):
                    writer.add(done)
                    tell(IndexProgress(outcome.task.source, done.id, "indexed"))
                else:
                    counts["failed"] += 1
                    tell(IndexProgress(outcome.task.source, None, "failed", done))
        finally:
            writer.flush()
    return IndexSummary(
        total=len(tasks),
        upserted=writer.upserted,
        known=counts["known"],
        failed=counts["failed"],
        seconds=time.monotonic() - started,
        stopped_by=stopping.signal_number if finished < len(tasks) else None,
    )


def _tasks(sources: list[str | Path], root: Path) -> Iterator[IndexTask]:
    runs = [Path(source) for source in sources if is_run_folder(Path(source))]
    photos = [source for source in sources if Path(source) not in runs]
    empty = True
    for out in runs:
        for number, record in enumerate(run_records(out)):
            if record.status is not Status.FAILED:
                empty = False
                yield IndexTask(record.source, f"{out}#{number}", record, str(out), str(root))
    for photo in find_sources(photos) if photos else []:
        empty = False
        yield IndexTask(photo.path, photo.path)
    if empty:
        raise UsageError("no photo there was finished by a run", remedy="see its report for why, or name other photos")


def _hash(task: IndexTask) -> str | None:
    """Of the file; None where it cannot be read, which the work then says."""
    try:
        return task.record.sha256 if task.record is not None else sha256_of_file(Path(task.source))
    except OSError:
        return None
