"""A catalogue moves to another embedding: made beside the old one, which answers until the new one is whole."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from packshot.batch.isolation import unforeseen
from packshot.batch.memory import memory_budget, memory_plan
from packshot.catalogue.indexing.embedding import Background, background_of, embed, identity
from packshot.catalogue.indexing.item_writer import ItemWriter
from packshot.catalogue.indexing.reindexed import Reindexed, ReindexProgress
from packshot.catalogue.record import CatalogueItem, Embedding
from packshot.catalogue.store import open_movable
from packshot.catalogue.store.batches import in_batches
from packshot.engines import Done, Engine, choose_engine, worker_count
from packshot.errors import PackshotError, StorageError, UnreadablePhoto, UsageError
from packshot.limits import Limits
from packshot.photo import read_bytes
from packshot.pipeline import Pipeline
from packshot.signals import stop_on_signals

if TYPE_CHECKING:
    from packshot.catalogue.store.lance import LanceStore

__all__ = ["reindex"]

_LOOKED_UP = 256  # items at once
_FEW = 8  # photos that are done before worker processes would have started
_ROUNDS = 20  # after which what others write meanwhile is waited for no longer
_OPEN_ROUNDS = 2  # after which a few items that are left are embedded while writers wait
_FEW_LEFT = 64


@dataclass(frozen=True, slots=True)
class _Task:
    """One item to embed anew."""

    source: str
    stem: str
    sha256: str


class _Work:
    """Embeds photos of items with one pipeline."""

    def __init__(self, make_pipeline: Callable[[], Pipeline], background: Background, limits: Limits) -> None:
        self._pipeline, self._background, self._limits = make_pipeline(), background, limits

    def __call__(self, task: _Task) -> Embedding | PackshotError:
        """One embedding; what is wrong with a photo is returned, not raised.

        Raises:
            StorageError: a bucket cannot be used, for this photo or for any other.
        """
        try:
            data = read_bytes(task.source, limits=self._limits)
            if hashlib.sha256(data).hexdigest() != task.sha256:
                return UsageError(f"{task.source} was changed since it was indexed", remedy="index it again first")
            return embed(self._pipeline, data, background=self._background, name=task.source).embedding
        except UnreadablePhoto:
            remedy = "bring it back, take its item out (packshot catalogue remove), or go on without: --leave-out"
            return UsageError(f"{task.source}: the photo of this item is gone", remedy=remedy)
        except StorageError:
            raise
        except PackshotError as error:
            return error
        except Exception as error:  # one photo's surprise must not take the batch along
            return unforeseen(error)


def reindex(
    uri: str,
    make_pipeline: Callable[[], Pipeline],
    *,
    network: str,
    background: Background | None = None,
    leave_out: bool = False,
    jobs: int | None = None,
    time_limit_s: float = 60.0,
    progress: Callable[[ReindexProgress], None] | None = None,
    memory: int | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Reindexed:
    """Give every item of a catalogue an embedding of another network, then switch to them all at once.

    Until then searches ask the old embeddings, whatever happens: the new ones lie in a table beside. The same call goes
    on where one was stopped or killed. What others write into the catalogue meanwhile comes along. All else that is
    known of an item stays as it is, its category too.

    Args:
        uri: of a catalogue in a folder or in a bucket.
        make_pipeline: called once in each worker process; must survive pickling.
        network: name and hash of its describing network.
        background: what products stand on; by default as until now.
        leave_out: move although some items have no new embedding; they are not in the catalogue then.
        jobs: worker processes; 1 works in this process.
        time_limit_s: seconds one photo may take in a worker process.
        progress: called in this process after each item.
        memory: bytes that the worker processes may take together; by default most of what is free.
        limits: of the pipeline, to tell how much a photo needs.
        engine: another way to run the tasks than the one `jobs` asks for.
        tell: called with a line for a person while it waits for another process.

    Raises:
        UsageError: there is no catalogue, or it is empty, or it is kept in Milvus.
        CatalogueLocked: another writer holds it. What was embedded stays.
        OutputError: it cannot be written, or another process moves it. What was embedded stays.
        StorageError: the bucket of a photo cannot be used. What was embedded stays.
    """
    started = time.monotonic()
    with contextlib.ExitStack() as held:
        old = held.enter_context(open_movable(uri))
        before = old.model
        if before is None or not old.count():
            raise UsageError(f"{uri} is empty: there is nothing to embed anew", remedy="index photos with that network")
        background = background or background_of(before)
        after = identity(network, background)
        if after == before:
            return Reindexed(before, after, 0, 0, 0, old.count(), moved=False, seconds=0.0)
        new = held.enter_context(old.moving(after, tell=tell))
        kept, total = new.count(), old.count()
        plan = memory_plan(memory or memory_budget(), limits=limits or Limits())
        count = worker_count(jobs, total, few=_FEW)
        engine = engine or choose_engine(count, time_limit_s=time_limit_s, memory=plan)
        move = _Move(old, new, after, progress or (lambda _: None))
        work = functools.partial(_Work, make_pipeline, background, limits or Limits())
        moved, stopped = False, None
        with stop_on_signals() as stop_requested:
            for number in range(_ROUNDS):
                move.embed(engine, work, stop_requested=stop_requested)
                stopped = stop_requested.signal_number
                if stopped is not None:
                    break
                new.compact()  # builds the index of a large catalogue, before its turn comes
                if (move.failed and not leave_out) or not new.count():
                    break
                with old.writing():
                    if number >= _OPEN_ROUNDS and move.has_few_left():
                        move.embed(engine, work, stop_requested=stop_requested)
                    moved = move.is_whole()
                    if moved:
                        old.move_to(new)
                        break
        return Reindexed(
            before,
            after,
            embedded=move.embedded,
            kept=kept,
            failed=len(move.failed),
            items=(new if moved else old).count(),
            moved=moved,
            seconds=time.monotonic() - started,
            stopped_by=stopped if not moved else None,
        )


class _Move:
    """Which items still need their new embedding, and those that got it."""

    def __init__(self, old: LanceStore, new: LanceStore, model: str, tell: Callable[[ReindexProgress], None]) -> None:
        self.embedded = 0
        self.failed: set[str] = set()
        self._old, self._new, self._model, self._tell = old, new, model, tell
        self._in_hand: dict[str, CatalogueItem] = {}

    def embed(self, engine: Engine, work: Callable[[], _Work], *, stop_requested: Callable[[], bool]) -> None:
        """Embed all that have none yet; those that failed are not tried again."""
        writer = ItemWriter(self._new)
        try:
            with contextlib.closing(engine.run(self._tasks(), work, stop_requested=stop_requested)) as outcomes:
                for outcome in outcomes:
                    item = self._in_hand.pop(outcome.task.stem)
                    found = outcome.outcome if isinstance(outcome, Done) else outcome.error
                    if isinstance(found, PackshotError):
                        self.failed.add(item.id)
                        self._tell(ReindexProgress(item.source, item.id, found))
                        continue
                    now = datetime.now(UTC)
                    writer.add(replace(item, embedding=found, model=self._model, updated=now))
                    self.embedded += 1
                    self._tell(ReindexProgress(item.source, item.id))
        finally:
            writer.flush()

    def has_few_left(self) -> bool:
        """Whether some items have no embedding yet, but few: somebody writes all the time."""
        left = sum(1 for _ in itertools.islice(self._missing(), _FEW_LEFT + 1))
        return 0 < left <= _FEW_LEFT

    def is_whole(self) -> bool:
        """Whether every item that did not fail is there as it is in the old table; what was removed there goes here.

        To be asked while no one else can write.
        """
        if any(True for _ in self._missing()):
            return False
        for some in in_batches((name for names, _ in self._new.embeddings() for name in names), _LOOKED_UP):
            self._new.delete((set(some) - self._old.get(some).keys()) | (set(some) & self.failed))
        return True

    def _tasks(self) -> Iterator[_Task]:
        for item in self._missing():
            self._in_hand[item.id] = item
            yield _Task(item.source, item.id, item.sha256)

    def _missing(self) -> Iterator[CatalogueItem]:
        """Items to embed; those that failed are not tried again."""
        return (item for item in self._stale() if item.id not in self.failed)

    def _stale(self) -> Iterator[CatalogueItem]:
        """Items that the new table does not have, or has otherwise than in their embedding."""
        for some in in_batches(self._old.items(), _LOOKED_UP):
            there = self._new.get(item.id for item in some)
            for item in some:
                made = there.get(item.id)
                alike = made and replace(made, embedding=item.embedding, model=item.model)
                if alike is None or alike.content_hash != item.content_hash:
                    yield item
