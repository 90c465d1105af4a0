"""The worker processes, the bounded queue before them, and what is told to those who find it full."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from packshot.errors import PackshotError, TimeLimitExceeded
from packshot.service.metrics import Metrics
from packshot.service.refusal import Refusal, refusal_of
from packshot.service.waiting import Waiting
from packshot.service.worker import Worker

__all__ = ["Pool"]

_FIRST_GUESS_S = 1.0  # of a job, before one was measured
_SMOOTHING = 0.1  # share of the newest job in the mean
_LONGEST_PAUSE_S = 30.0  # between starts of a worker that does not start


class Pool:
    """Does jobs in worker processes, the one that came first first.

    At most ``workers + queue`` requests are let in; each holds one photo in memory. A worker that exceeds a job's
    deadline is killed, and one that ends is started anew; its job is not tried again, for its client waits.

    Args:
        make_work: makes what does the jobs; called in each process, must survive pickling.
        workers: processes.
        queue: requests that may wait beside those in work.
        deadline_s: seconds from admission to answer.
        metrics: where it is counted.
    """

    def __init__(
        self,
        make_work: Callable[[], Callable[[Any], Any]],
        *,
        workers: int,
        queue: int,
        deadline_s: float,
        metrics: Metrics,
    ) -> None:
        self._workers = [Worker(make_work) for _ in range(workers)]
        self._waiting: Waiting[Worker] = Waiting()
        self._room = workers + queue
        self._deadline_s = deadline_s
        self._metrics = metrics
        self._admitted = 0
        self._mean_s = _FIRST_GUESS_S
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="packshot-worker")
        self._starts: set[asyncio.Task[None]] = set()
        self.draining = False

    @property
    def ready(self) -> bool:
        """Whether a worker can take a job, and more are wanted."""
        return not self.draining and any(worker.alive for worker in self._workers)

    @property
    def pids(self) -> list[int]:
        """Of the processes that live."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    def start(self) -> None:
        """Start all workers in the background; `ready` tells when there is one."""
        for worker in self._workers:
            self._start(worker)

    async def close(self) -> None:
        """Let idle workers end, kill those that are not."""
        self.draining = True
        for task in self._starts:
            task.cancel()
        loop = asyncio.get_running_loop()
        for worker in self._workers:
            await loop.run_in_executor(None, worker.dismiss)
        self._threads.shutdown(wait=False, cancel_futures=True)

    @contextlib.contextmanager
    def admit(self) -> Iterator[float]:
        """Let a request in, before its body is read.

        Yields:
            When its answer is due, in `time.monotonic`'s seconds.

        Raises:
            Refusal: 503, the queue is full, or so long that the answer would come too late.
        """
        expected = self._mean_s * max(0, self._admitted + 1 - len(self._workers)) / len(self._workers)
        if self.draining or self._admitted >= self._room or expected > self._deadline_s:
            raise self._busy()
        self._admitted += 1
        try:
            yield time.monotonic() + self._deadline_s
        finally:
            self._admitted -= 1

    async def run(self, job: Any, due: float) -> Any:
        """Do a job.

        Cancelled while it waits, it leaves the queue. Cancelled in work, the worker finishes it for nobody, within its
        deadline: to start a worker anew takes longer than most jobs.

        Args:
            job: for a worker.
            due: when the answer is due, in `time.monotonic`'s seconds.

        Returns:
            What the worker gave.

        Raises:
            Refusal: 503, no worker was free in time; 504, it took too long, waiting included; 500, the worker ended.
        """
        arrived = time.monotonic()
        try:
            worker = await self._waiting.take(due - arrived)
            while not worker.alive:  # ended while it had nothing to do
                worker.kill()
                self._metrics.worker_ends.labels("idle").inc()
                self._start(worker)
                worker = await self._waiting.take(due - time.monotonic())
        except TimeoutError as error:
            raise self._busy() from error
        finally:
            self._metrics.queue_seconds.observe(time.monotonic() - arrived)
        begun = time.monotonic()
        try:
            return await self._shielded(self._do(worker, job, due))
        except TimeLimitExceeded as error:
            raise self._late(error, begun - arrived, due - begun) from error
        except PackshotError as error:
            raise refusal_of(error) from error

    async def run_behind(self, job: Any, seconds: float) -> Any:
        """Do a job that nobody waits for, once no request waits for a worker.

        Args:
            job: for a worker.
            seconds: it may take from its begin.

        Returns:
            What the worker gave.

        Raises:
            TimeLimitExceeded: it took too long.
            WorkerDied: the worker ended.
        """
        worker = await self._waiting.take(None, behind=True)
        while not worker.alive:
            worker.kill()
            self._start(worker)
            worker = await self._waiting.take(None, behind=True)
        return await self._shielded(self._do(worker, job, time.monotonic() + seconds, requested=False))

    async def _shielded(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """The worker goes on where its client leaves."""
        work = asyncio.ensure_future(doing)
        try:
            return await asyncio.shield(work)
        finally:
            if not work.done():
                work.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _do(self, worker: Worker, job: Any, due: float, *, requested: bool = True) -> Any:
        started = time.monotonic()
        loop = asyncio.get_running_loop()
        try:
            outcome = await loop.run_in_executor(self._threads, worker.do, job, due - started)
            number = str(self._workers.index(worker))
            self._metrics.worker_memory.labels(number).set(getattr(outcome, "memory_bytes", 0))
            return outcome
        except PackshotError as error:
            self._metrics.worker_ends.labels("late" if isinstance(error, TimeLimitExceeded) else "died").inc()
            raise
        finally:
            if requested:
                self._mean_s += _SMOOTHING * (time.monotonic() - started - self._mean_s)
            if worker.alive:
                self._waiting.give(worker)
            elif not self.draining:
                self._start(worker)

    def observe(self) -> None:
        """Write the queue and the workers into the metrics."""
        self._metrics.waiting.set(self._waiting.waiting)
        self._metrics.admitted.set(self._admitted)
        self._metrics.workers.set(len(self.pids))

    def _start(self, worker: Worker) -> None:
        task = asyncio.ensure_future(self._start_until_ready(worker))
        self._starts.add(task)
        task.add_done_callback(self._starts.discard)

    async def _start_until_ready(self, worker: Worker) -> None:
        pause = 1.0
        while True:
            try:
                await asyncio.get_running_loop().run_in_executor(None, worker.start)
                break
            except PackshotError as error:
                self._metrics.log.error("worker_did_not_start", code=error.code, reason=error.message)
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE_S, pause * 2)
        self._waiting.give(worker)

    def _late(self, error: TimeLimitExceeded, waited_s: float, worked_s: float) -> Refusal:
        spent = f"{waited_s:.1f} s of waiting for a worker and {worked_s:.1f} s of work"
        remedy = (
            "the server is busy or slow: try again; make the photo smaller; or let whoever runs the service start it "
            f"with more than --deadline {self._deadline_s:g} (PACKSHOT_SERVE_DEADLINE_S)"
        )
        return Refusal(504, error.code, f"not finished after {spent}", remedy)

    def _busy(self) -> Refusal:
        wait = self._mean_s * max(1, self._admitted + 1 - len(self._workers)) / len(self._workers)
        seconds = str(min(120, max(1, math.ceil(wait))))
        why = "the service is ending" if self.draining else "the queue is full"
        return Refusal(503, "busy", why, f"try again in {seconds} s", {"Retry-After": seconds})
