"""Worker processes on this machine, each of which may die or hang without harm to the others."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from multiprocessing import connection, resource_tracker
from typing import Any, Generic

from packshot.engines.base import Abandoned, Done, MakeWork, Outcome, Task
from packshot.engines.memory import MemoryPlan
from packshot.engines.worker import Message, worker_main
from packshot.errors import TimeLimitExceeded, WorkerDied
from packshot.machine import keep_blas_to_one_thread

__all__ = ["ProcessEngine"]

_HEARTBEAT_S = 0.2  # how soon a wish to stop is noticed
_MAX_FAILED_STARTS = 3
_SPAWN = multiprocessing.get_context("spawn")  # a forked child would inherit the networks' threads half-alive


class ProcessEngine:
    """`jobs` processes with one task each, so memory does not grow with the number of tasks.

    A worker that dies is replaced and its photo tried once more, for the system may have picked the wrong
    victim when memory ran out. A worker that exceeds the time limit is stopped; its photo is not tried again.

    Args:
        jobs: worker processes.
        time_limit_s: seconds one photo may take.
        start_limit_s: seconds a worker may take to start.
        memory: what they may take together; a task that does not fit waits for others to end.
    """

    def __init__(
        self,
        jobs: int,
        *,
        time_limit_s: float = 60.0,
        start_limit_s: float = 300.0,
        memory: MemoryPlan | None = None,
    ) -> None:
        if jobs < 1:
            raise ValueError(f"jobs: expected at least 1, got {jobs}")
        self._jobs = jobs if memory is None else memory.jobs(jobs)
        self._memory = memory
        self._time_limit_s = time_limit_s
        self._start_limit_s = start_limit_s

    def run(
        self, tasks: Iterable[Task], make_work: MakeWork[Task, Outcome], *, stop_requested: Callable[[], bool]
    ) -> Generator[Done[Task, Outcome] | Abandoned[Task], None, None]:
        """See `packshot.engines.base.Engine.run`."""
        keep_blas_to_one_thread()  # a script may have called, not the command line
        pool: _Pool[Task, Outcome] = _Pool(
            iter(tasks), make_work, self._time_limit_s, self._start_limit_s, self._memory
        )
        try:
            while True:
                if not stop_requested():
                    pool.fill(self._jobs)
                if not pool.busy:
                    break
                for worker in _wait(pool.busy):
                    outcome = pool.settle(worker)
                    if outcome is not None:
                        yield outcome
        except BaseException:
            pool.kill()
            raise
        pool.dismiss()


class _Pool(Generic[Task, Outcome]):
    """The workers of one run and the tasks on their way."""

    def __init__(
        self,
        tasks: Iterator[Task],
        make_work: MakeWork[Task, Outcome],
        time_limit_s: float,
        start_limit_s: float,
        memory: MemoryPlan | None,
    ) -> None:
        self._memory = memory
        self._needs: dict[str, int] = {}
        self.busy: list[_Worker[Task]] = []
        self._idle: list[_Worker[Task]] = []
        self._tasks = tasks
        self._again: deque[Task] = deque()
        self._tried: set[str] = set()
        self._failed_starts = 0
        self._make_work = make_work
        self._time_limit_s = time_limit_s
        self._start_limit_s = start_limit_s

    def fill(self, jobs: int) -> None:
        """Give out tasks until `jobs` workers are busy, the next task does not fit beside them, or none is left."""
        while len(self.busy) < jobs:
            task = self._again.popleft() if self._again else next(self._tasks, None)
            if task is None:
                return
            if self.busy and not self._fits(task):
                self._again.appendleft(task)
                return
            worker: _Worker[Task] = self._idle.pop() if self._idle else _Worker(self._make_work, self._start_limit_s)
            self.busy.append(worker)
            worker.give(task, self._time_limit_s)

    def _fits(self, task: Task) -> bool:
        if self._memory is None:
            return True
        for each in (task, *(worker.task for worker in self.busy)):
            if each.stem not in self._needs:
                self._needs[each.stem] = self._memory.need(each)
        workers = max(len(self.busy) + 1, len(self.busy) + len(self._idle))
        pictures = sum(self._needs[each.stem] for each in (task, *(worker.task for worker in self.busy)))
        return workers * self._memory.worker + pictures <= self._memory.budget

    def settle(self, worker: _Worker[Task]) -> Done[Task, Outcome] | Abandoned[Task] | None:
        """Act on what a worker says or what became of it; its task's outcome, if that is decided.

        Raises:
            PackshotError: what the worker raised, or that workers do not even start.
        """
        message, content = worker.receive()
        if message is Message.READY:
            self._failed_starts = 0
            worker.begin(self._time_limit_s)
            return None
        self.busy.remove(worker)
        task = worker.task
        self._needs.pop(task.stem, None)
        if message is Message.DONE:
            self._idle.append(worker)
            return Done(task, content)
        if message is Message.RAISED:
            worker.kill()
            raise content
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts == _MAX_FAILED_STARTS:
                raise _no_start(content)
        elif message is Message.LATE:
            return Abandoned(task, _late(self._time_limit_s))
        elif task.stem in self._tried:
            return Abandoned(task, _died(content))
        else:
            self._tried.add(task.stem)
        self._again.append(task)
        return None

    def kill(self) -> None:
        """End all workers at once."""
        for worker in (*self.busy, *self._idle):
            worker.kill()

    def dismiss(self) -> None:
        """Let the idle workers go."""
        for worker in self._idle:
            worker.dismiss()


class _Worker(Generic[Task]):
    """One process and this end of its pipe."""

    task: Task

    def __init__(self, make_work: MakeWork[Task, object], start_limit_s: float) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=worker_main, args=(theirs, make_work), daemon=True)
        with _signals_kept_back():
            self._process.start()
        theirs.close()  # so that the pipe ends when the process does
        self.ready = False
        self.deadline = time.monotonic() + start_limit_s

    @property
    def waitables(self) -> tuple[connection.Connection, int]:
        """What becomes ready when the worker speaks or ends."""
        return self._pipe, self._process.sentinel

    def give(self, task: Task, time_limit_s: float) -> None:
        """Send a task; a worker still starting finds it when it is ready."""
        self.task = task
        if self.ready:
            self.begin(time_limit_s)
        # A worker that has died meanwhile is noticed by `receive`.
        with contextlib.suppress(OSError):
            self._pipe.send(task)

    def begin(self, time_limit_s: float) -> None:
        """The photo's time runs from now."""
        self.ready = True
        self.deadline = time.monotonic() + time_limit_s

    def receive(self) -> tuple[Message, Any]:
        """What the worker says, or what has become of it; one that died or is late is gone afterwards."""
        ended = False
        try:
            if self._pipe.poll():
                message, content = self._pipe.recv()
                return message, content
        except (EOFError, OSError):
            ended = True
        # Its end of the pipe, its sentinel and its exit code do not go at the same instant: only a deadline
        # that has passed means late.
        late = not ended and time.monotonic() >= self.deadline and self._process.is_alive()
        if not late:
            self._process.join(5)
        code = self._process.exitcode
        self.kill()
        return (Message.LATE if late else Message.DIED), code

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._forget()

    def dismiss(self) -> None:
        """Let it end by itself: its wait for the next task finds the pipe closed."""
        self._pipe.close()
        self._process.join(5)
        self._process.kill()
        self._forget()

    def _forget(self) -> None:
        self._process.join()
        self._process.close()
        self._pipe.close()


def _wait(busy: list[_Worker[Task]]) -> list[_Worker[Task]]:
    """The workers that spoke, ended or ran out of time; none if it is only time to look up."""
    now = time.monotonic()
    patience = min([_HEARTBEAT_S, *(worker.deadline - now for worker in busy)])
    ready = set(connection.wait([each for worker in busy for each in worker.waitables], max(0.0, patience)))
    now = time.monotonic()
    return [worker for worker in busy if ready.intersection(worker.waitables) or now >= worker.deadline]


@contextlib.contextmanager
def _signals_kept_back() -> Iterator[None]:
    """Start a child that never hears SIGINT and SIGTERM: its parent lets it finish, or kills it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Its own start would unblock them again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _late(limit_s: float) -> TimeLimitExceeded:
    return TimeLimitExceeded(
        f"not finished after {limit_s:g} s",
        remedy="allow more time with --time-limit if the machine is busy or slow, or make the photo smaller",
    )


def _died(code: int | None) -> WorkerDied:
    return WorkerDied(
        f"the worker process ended twice over this photo ({_how(code)})",
        remedy="run fewer --jobs at once if memory is short; otherwise save the photo anew and try again",
    )


def _no_start(code: int | None) -> WorkerDied:
    return WorkerDied(
        f"worker processes end while they start ({_how(code)})",
        remedy="read what they printed above; in a script, call it below `if __name__ == '__main__':`",
    )


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
