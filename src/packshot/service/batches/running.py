"""Batches that have begun: side by side, a photo each in turn, until they end and their senders are told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Iterable
from typing import Any

import anyio.to_thread

from packshot.batch import Progress
from packshot.errors import PackshotError
from packshot.service.batches.batch import Batch
from packshot.service.batches.engine import BackgroundWorkers, ServiceEngine
from packshot.service.batches.record import BatchState
from packshot.service.batches.turns import Turns
from packshot.service.batches.working import do_photos, put_results
from packshot.service.metrics import Metrics
from packshot.service.settings import ServiceSettings
from packshot.service.webhooks.delivery import Deliverer
from packshot.service.webhooks.hook import Hook
from packshot.settings import Settings
from packshot.storage.times import utc_now

__all__ = ["BatchRunner"]

_AT_ONCE = 64  # batches with a thread each; more wait for one that ends


class BatchRunner:
    """Runs batches in the order they were queued in, from the event loop; each does its photos in a thread.

    Args:
        settings: how photos are worked on.
        serving: how many at once, how long a photo may take, and how long a closing service waits.
        workers: do the photos.
        deliverer: tells whoever wants to know that one has ended.
        metrics: where it is logged.
    """

    def __init__(
        self,
        settings: Settings,
        serving: ServiceSettings,
        *,
        workers: BackgroundWorkers,
        deliverer: Deliverer,
        metrics: Metrics,
    ) -> None:
        self._settings, self._serving = settings, serving
        self._turns = Turns(workers, serving.workers)
        self._deliverer, self._metrics = deliverer, metrics
        self._queue: asyncio.Queue[Batch] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = anyio.CapacityLimiter(_AT_ONCE)  # not those of requests
        self._ending = False

    def start(self) -> None:
        """Begin with what is queued."""
        self._go_on(self._run_all())

    def queue(self, batch: Batch) -> None:
        """Let it run when its turn comes; one that has ended by then is passed over."""
        self._queue.put_nowait(batch)

    async def close(self, batches: Iterable[Batch]) -> None:
        """Finish the photos in hand of these, as long as the service waits; begin nothing more."""
        self._ending = True
        running = [batch for batch in batches if batch.record.state is BatchState.RUNNING]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._serving.grace_s):
                await asyncio.gather(*(batch.over.wait() for batch in running))
        for task in self._tasks:
            task.cancel()
        await self._deliverer.close()

    async def end(self, batch: Batch, state: BatchState, **more: Any) -> None:
        """Let it have ended, and tell its sender.

        Args:
            batch: that ends.
            state: it comes into.
            more: of its record, changed with that.
        """
        hook = batch.record.hook
        due = None if hook is None else hook.model_copy(update={"due": utc_now()})
        await batch.turn(state, ended=utc_now(), hook=due, **more)
        if due is not None:
            self.tell_sender(batch)

    def tell_sender(self, batch: Batch) -> None:
        """Call the webhook of a batch that has ended, in the background, until it is heard or given up."""

        async def keep(hook: Hook) -> None:
            if not batch.removed:
                batch.change(hook=hook)
                await batch.keep()

        record = batch.record
        if record.hook is not None:
            self._deliverer.deliver(record.hook, f"msg_{record.id}", batch.message(), keep, owner=record.owner)

    def _go_on(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_all(self) -> None:
        room = asyncio.Semaphore(_AT_ONCE)
        while not self._ending:
            batch = await self._queue.get()
            await room.acquire()
            if batch.record.state.ended or self._ending:
                room.release()
            else:
                self._go_on(self._run(batch, room))

    async def _run(self, batch: Batch, room: asyncio.Semaphore) -> None:
        batch.over.clear()
        try:
            if batch.record.state.ended:  # stopped in the moment its turn came
                return
            await batch.turn(BatchState.RUNNING, started=batch.record.started or utc_now(), done=0, counts={})
            loop = asyncio.get_running_loop()
            await anyio.to_thread.run_sync(self._photos, batch, loop, limiter=self._threads)
            if batch.stop:
                await self.end(batch, BatchState.CANCELLED)
            elif batch.record.done >= len(batch.record.names) or not self._ending:
                if batch.record.results is not None:
                    await anyio.to_thread.run_sync(put_results, batch, limiter=self._threads)
                await self.end(batch, BatchState.DONE)
        except Exception as error:
            code = error.code if isinstance(error, PackshotError) else "InternalError"
            self._metrics.log.error("job_failed", code=code, kind=type(error).__name__)
            await self.end(batch, BatchState.FAILED, error=code)
        finally:
            batch.over.set()
            self._turns.forget(batch.record.owner, batch.record.id)
            room.release()

    def _photos(self, batch: Batch, loop: asyncio.AbstractEventLoop) -> None:
        """All of them; in a thread."""
        engine = ServiceEngine(
            self._turns.of(batch.record.owner, batch.record.id),
            loop,
            at_once=self._serving.workers,
            time_limit_s=self._serving.photo_s,
            stop=lambda: batch.stop or self._ending,
            tell=self._metrics.parts,
        )

        def tell(step: Progress) -> None:
            loop.call_soon_threadsafe(batch.progress, step)

        do_photos(batch, self._settings, engine, tell)
