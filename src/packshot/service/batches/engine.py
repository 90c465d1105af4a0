"""The engine of batches: their photos go to the service's own workers, behind every request that somebody waits for."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import Any, Protocol

from packshot.engines.base import Abandoned, Done, MakeWork, Outcome, Task
from packshot.errors import PackshotError, TimeLimitExceeded, WorkerDied
from packshot.service.job import Answer
from packshot.service.tools import Tools

__all__ = ["BackgroundWorkers", "ServiceEngine", "TaskJob"]

_TURN_S = 0.5  # how soon a wish to stop is noticed


class BackgroundWorkers(Protocol):
    """What does jobs that nobody waits for: `packshot.service.pool.Pool`, or a stand-in."""

    async def run_behind(self, job: Any, seconds: float) -> Any:
        """Do a job once nobody else waits; see `packshot.service.pool.Pool.run_behind`."""


@dataclass(frozen=True, slots=True)
class TaskJob:
    """One task of a batch.

    Attributes:
        make_work: makes what does it, once in each worker.
        key: changes with `make_work`.
        task: of the batch.
    """

    make_work: Callable[[], Callable[[Any], Any]]
    key: str
    task: Any

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        outcome = tools.keep_few("batch", self.key, self.make_work)(self.task)
        if not outcome.resumed:
            tools.spent(outcome.entry.record.timings_ms)
        return Answer(data={"outcome": outcome})


class ServiceEngine:
    """Runs a batch's tasks on the service's workers; see `packshot.engines.Engine`.

    Args:
        workers: of the service.
        loop: in which they live; `run` is called in another thread.
        at_once: tasks in hand; as many as there are workers.
        time_limit_s: seconds one task may take.
        stop: asked before each task is taken.
        tell: given the milliseconds of each part of a task.
    """

    def __init__(
        self,
        workers: BackgroundWorkers,
        loop: asyncio.AbstractEventLoop,
        *,
        at_once: int,
        time_limit_s: float,
        stop: Callable[[], bool],
        tell: Callable[[Mapping[str, float]], None],
    ) -> None:
        self._workers, self._loop = workers, loop
        self._at_once, self._time_limit_s, self._stop = at_once, time_limit_s, stop
        self._tell = tell

    def run(
        self, tasks: Iterable[Task], make_work: MakeWork[Task, Outcome], *, stop_requested: Callable[[], bool]
    ) -> Generator[Done[Task, Outcome] | Abandoned[Task], None, None]:
        """See `packshot.engines.Engine.run`."""
        key = hashlib.sha256(pickle.dumps(make_work)).hexdigest()
        left, tried = iter(tasks), set[str]()
        busy: dict[Future[Any], Task] = {}

        def give(task: Task) -> None:
            job = TaskJob(make_work, key, task)
            work = self._workers.run_behind(job, self._time_limit_s)
            busy[asyncio.run_coroutine_threadsafe(work, self._loop)] = task

        try:
            while True:
                while len(busy) < self._at_once and not stop_requested() and not self._stop():
                    task = next(left, None)
                    if task is None:
                        break
                    give(task)
                if not busy:
                    return
                for future in wait(busy, timeout=_TURN_S, return_when=FIRST_COMPLETED).done:
                    task = busy.pop(future)
                    try:
                        outcome = future.result()
                    except WorkerDied as error:
                        if task.stem in tried or self._stop():
                            yield Abandoned(task, error)
                        else:  # the system may have picked the wrong victim when memory ran out
                            tried.add(task.stem)
                            give(task)
                        continue
                    except PackshotError as error:
                        yield Abandoned(task, _explained(error))
                        continue
                    if isinstance(outcome, Exception):  # what the work raised ends the batch
                        raise outcome
                    self._tell(outcome.timings_ms)
                    yield Done(task, outcome.data["outcome"])
        finally:
            for future in busy:
                future.cancel()


def _explained(error: PackshotError) -> PackshotError:
    """With the setting that gives a photo of a batch more time."""
    if not isinstance(error, TimeLimitExceeded):
        return error
    return TimeLimitExceeded(
        error.message,
        remedy="the server is busy or slow: send the photo again; make it smaller; or let whoever runs the service "
        "allow more time (PACKSHOT_SERVE_PHOTO_S)",
    )
