"""Photos into the catalogue: worker processes embed, this process writes, batch after batch."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from packshot.batch.memory import memory_budget, memory_plan
from packshot.batch.sources import find_sources
from packshot.catalogue import CatalogueItem
from packshot.catalogue.indexing.embedding import Background
from packshot.catalogue.indexing.item_photo import is_gone
from packshot.catalogue.indexing.item_writer import ItemWriter
from packshot.catalogue.indexing.run_results import run_records
from packshot.catalogue.indexing.work import Indexed, IndexTask, IndexWork
from packshot.catalogue.store import Store, Upserted
from packshot.catalogue.store.batches import in_batches
from packshot.counting import counted
from packshot.engines import Abandoned, Done, Engine, choose_engine, worker_count
from packshot.errors import PackshotError, UsageError
from packshot.limits import Limits
from packshot.pipeline import Pipeline
from packshot.records import is_run_folder
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

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        error = None if self.error is None else self.error.to_dict()
        return {"source": self.source, "id": self.id, "status": self.status, "error": error}


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

    def words(self) -> str:
        """For a person; first, whether it was stopped."""
        done = self.upserted
        finished = done.added + done.updated + done.unchanged + self.known + self.failed
        # Of a bucket's run nobody knows how many are left.
        of = f" of {self.total}" if finished < self.total else ""
        stopped = f"stopped after {finished}{of}: repeat the command to go on\n" if self.stopped_by is not None else ""
        return (
            f"{stopped}{counted(self.total, 'photo')}: {done.added:,} added, {done.updated:,} updated, "
            f"{self.known + done.unchanged:,} known, {self.failed:,} failed ({self.seconds:.1f} s)"
        )


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
    memory: int | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
    found: Callable[[int], None] | None = None,
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
        memory: bytes that the worker processes may take together; by default most of what is free.
        limits: of the pipeline, to tell how much a photo needs.
        engine: another way to run the tasks than the one `jobs` asks for.
        found: called once, with how many photos there are, before the first is read.

    Raises:
        UsageError: no photos.
        CatalogueMismatch: the catalogue holds embeddings of another network, or made on another background.
        CatalogueLocked: another writer holds it. What was written stays.
        OutputError: it cannot be written. What was written stays.
    """
    started = time.monotonic()
    tasks = list(_tasks(list(sources), root or Path()))
    if found is not None:
        found(len(tasks))
    plan = memory_plan(memory or memory_budget(), limits=limits or Limits())
    count = worker_count(jobs, len(tasks), few=_FEW)
    engine = engine or choose_engine(count, time_limit_s=time_limit_s, memory=plan)
    work = functools.partial(IndexWork, make_pipeline, background, store.model, store.uri)
    indexing = _Indexing(store, progress or (lambda _: None))
    with stop_on_signals() as stop_requested:
        try:
            indexing.add(engine.run(indexing.new_of(tasks, again=again), work, stop_requested=stop_requested))
            tried_alone = indexing.settle_twins()
            if tried_alone and not stop_requested():
                indexing.add(engine.run(tried_alone, work, stop_requested=stop_requested))
        finally:
            indexing.writer.flush()
    return IndexSummary(
        total=len(tasks),
        upserted=indexing.writer.upserted,
        known=indexing.known,
        failed=indexing.failed,
        seconds=time.monotonic() - started,
        stopped_by=stop_requested.signal_number if indexing.finished < len(tasks) else None,
    )


class _Indexing:
    """Which photos are new to the catalogue, and what became of each."""

    def __init__(self, store: Store, tell: Callable[[IndexProgress], None]) -> None:
        self.writer = ItemWriter(store)
        self.known = self.failed = self.finished = 0
        self._store, self._tell = store, tell
        self._added: set[str] = set()
        # By what they hold: the photos that wait for one of the same content, which is being embedded.
        self._twins: dict[str, list[IndexTask]] = {}

    def new_of(self, tasks: Sequence[IndexTask], *, again: bool) -> Iterator[IndexTask]:
        """Pass on what must be embedded, tell of what is known, and let twins wait."""
        for some in in_batches(tasks, _LOOKED_UP):
            hashes = [_hash(task) for task in some]
            there = {} if again else self._store.get({sha256 for sha256 in hashes if sha256 is not None})
            for task, sha256 in zip(some, hashes, strict=True):
                if sha256 is None:
                    yield task
                elif sha256 in self._twins:
                    self._twins[sha256].append(task)
                elif sha256 not in there or task.record is not None:
                    self._twins[sha256] = []
                    yield task
                else:
                    if is_gone(there[sha256].source):
                        self.writer.add(replace(there[sha256], source=task.source))
                    self._is_known(task, sha256)

    def add(self, outcomes: Generator[Done[IndexTask, Indexed] | Abandoned[IndexTask], None, None]) -> None:
        """Add what was embedded, and tell of each photo."""
        with contextlib.closing(outcomes):
            for outcome in outcomes:
                done: Indexed = outcome.outcome if isinstance(outcome, Done) else outcome.error
                self.finished += 1
                if isinstance(done, CatalogueItem):
                    self.writer.add(done)
                    self._added.add(done.id)
                    self._tell(IndexProgress(outcome.task.source, done.id, "indexed"))
                else:
                    self.failed += 1
                    self._tell(IndexProgress(outcome.task.source, None, "failed", done))

    def settle_twins(self) -> list[IndexTask]:
        """Twins of an item that was added are known; those of one that failed are returned, to be tried themselves."""
        for sha256 in self._twins.keys() & self._added:
            for task in self._twins[sha256]:
                self._is_known(task, sha256)
        return [task for sha256, waiting in self._twins.items() if sha256 not in self._added for task in waiting]

    def _is_known(self, task: IndexTask, sha256: str) -> None:
        self.known += 1
        self.finished += 1
        self._tell(IndexProgress(task.source, sha256, "known"))


def _tasks(sources: list[str | Path], root: Path) -> Iterator[IndexTask]:
    runs = [Path(source) for source in sources if is_run_folder(Path(source))]
    photos = [source for source in sources if Path(source) not in runs]
    empty = True
    for out in runs:
        for number, record in enumerate(run_records(out)):
            if record.status not in {Status.FAILED, Status.REJECTED}:
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
