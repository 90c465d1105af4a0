"""Tasks on a Ray cluster: one actor for each core, one task at a time in each, and nothing but names on the way."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, Generic

import ray
from ray.exceptions import RayActorError, RayError

from packshot.engines.base import Abandoned, Done, MakeWork, Outcome, Task
from packshot.engines.on_ray.cluster import connected
from packshot.engines.on_ray.worker import RayWorker
from packshot.engines.worker import Message
from packshot.errors import TimeLimitExceeded, UsageError, WorkerDied
from packshot.machine import usable_cores
from packshot.version import __version__

__all__ = ["RayEngine"]

_CPUS_OF_A_WORKER = 0.9  # two whole ones on two cores leave nothing for Ray itself, and wait for ever
_HEARTBEAT_S = 0.2
_LOOK_S = 5.0  # between two looks at how many cores there are: nodes come and go
_MAX_FAILED_STARTS = 3


class RayEngine:
    """Workers are actors, so a photo that crashes a library, hangs or takes all memory takes one process along.

    A worker that dies is replaced and its photo tried once more; one that was lost with its node is not the photo's
    fault, and does not count. A worker that exceeds the time limit is stopped; its photo is not tried again.

    Args:
        address: of the cluster's head; None for ``RAY_ADDRESS``, or a cluster of this machine's own for the run.
        jobs: workers; None for one per core of the cluster.
        time_limit_s: seconds one photo may take.
        start_limit_s: seconds until the first worker must have started.
    """

    def __init__(
        self,
        address: str | None = None,
        *,
        jobs: int | None = None,
        time_limit_s: float = 60.0,
        start_limit_s: float = 300.0,
    ) -> None:
        self._address, self._jobs = address, jobs
        self._time_limit_s, self._start_limit_s = time_limit_s, start_limit_s

    def run(
        self, tasks: Iterable[Task], make_work: MakeWork[Task, Outcome], *, stop_requested: Callable[[], bool]
    ) -> Generator[Done[Task, Outcome] | Abandoned[Task], None, None]:
        """See `packshot.engines.base.Engine.run`."""
        waiting = iter(tasks)
        first = next(waiting, None)
        if first is None:
            return  # a cluster takes seconds to start
        with connected(self._address, self._jobs or usable_cores()):
            pool: _Pool[Task, Outcome] = _Pool(
                itertools.chain([first], waiting), make_work, self._jobs, self._time_limit_s, self._start_limit_s
            )
            try:
                while True:
                    if not stop_requested():
                        pool.fill()
                    if not pool.goes_on(stop_requested=stop_requested()):
                        return
                    for worker in pool.wait():
                        outcome = pool.settle(worker)
                        if outcome is not None:
                            yield outcome
            finally:
                pool.kill()


class _Worker(Generic[Task]):
    """An actor, what it is asked for now, and until when; it has no task before it is ready."""

    task: Task

    def __init__(self, make_work: Any, deadline: float) -> None:
        self._actor: Any = ray.remote(RayWorker).options(num_cpus=_CPUS_OF_A_WORKER, max_restarts=0).remote()
        self.answer = self._actor.start.remote(make_work)
        self.deadline = deadline
        self.node = ""

    def give(self, task: Task, time_limit_s: float) -> None:
        """Begin a task."""
        self.task = task
        self.answer = self._actor.do.remote(task)
        self.deadline = time.monotonic() + time_limit_s

    def receive(self) -> tuple[Message, Any]:
        """What it says, or what became of it."""
        try:
            message, content = ray.get(self.answer, timeout=0)
            return Message(message), content
        except RayActorError as error:
            return Message.DIED, str(error).strip().split("\n", 1)[0]
        except ray.exceptions.GetTimeoutError:
            return Message.LATE, None
        except RayError as error:
            return Message.DIED, f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"

    def kill(self) -> None:
        """End it at once."""
        ray.kill(self._actor, no_restart=True)


class _Pool(Generic[Task, Outcome]):
    """The workers of one run and the tasks on their way."""

    def __init__(
        self,
        tasks: Iterator[Task],
        make_work: MakeWork[Task, Outcome],
        jobs: int | None,
        time_limit_s: float,
        start_limit_s: float,
    ) -> None:
        self._tasks, self._jobs = tasks, jobs
        self._time_limit_s, self._start_limit_s = time_limit_s, start_limit_s
        self._make_work = ray.put(make_work)
        self._again: deque[Task] = deque()
        self._tried: set[str] = set()
        self._idle: list[_Worker[Task]] = []
        self._starting: list[_Worker[Task]] = []
        self._busy: list[_Worker[Task]] = []
        self._failed_starts = 0
        self._started = False
        self._looked = float("-inf")
        self._target = 1

    def fill(self) -> None:
        """Give out tasks, and start workers until there is one for each core or task."""
        if time.monotonic() - self._looked > _LOOK_S:
            self._looked = time.monotonic()
            self._target = self._jobs or max(1, int(ray.cluster_resources().get("CPU", 1)))
        while len(self._busy) < self._target:
            if not self._again and (task := next(self._tasks, None)) is not None:
                self._again.append(task)
            if not self._again:
                return
            if not self._idle:
                break
            worker = self._idle.pop()
            worker.give(self._again.popleft(), self._time_limit_s)
            self._busy.append(worker)
        # One at a time beyond the first task in hand: how many tasks there are nobody knows.
        if len(self._busy) + len(self._starting) < self._target:
            self._starting.append(_Worker(self._make_work, time.monotonic() + self._start_limit_s))

    def goes_on(self, *, stop_requested: bool) -> bool:
        """Whether anything is left to wait for."""
        return bool(self._busy) or (bool(self._again) and not stop_requested)

    def wait(self) -> list[_Worker[Task]]:
        """The workers that spoke, ended or ran out of time."""
        answers = {worker.answer: worker for worker in (*self._busy, *self._starting)}
        ready, _ = ray.wait(list(answers), num_returns=len(answers), timeout=0)
        if not ready:
            ready, _ = ray.wait(list(answers), num_returns=1, timeout=_HEARTBEAT_S)
        now = time.monotonic()
        late = [worker for answer, worker in answers.items() if now >= worker.deadline and answer not in ready]
        return [answers[answer] for answer in ready] + late

    def settle(self, worker: _Worker[Task]) -> Done[Task, Outcome] | Abandoned[Task] | None:
        """Act on what a worker says or what became of it; its task's outcome, if that is decided.

        Raises:
            PackshotError: what the worker raised, or that none starts.
        """
        message, content = worker.receive()
        if message is Message.RAISED:
            raise content
        if message is Message.LATE:
            worker.kill()
        if worker in self._starting:
            self._starting.remove(worker)
            self._start(worker, message, content)
            return None
        self._busy.remove(worker)
        task = worker.task
        if message is Message.DONE:
            self._idle.append(worker)
            return Done(task, content)
        if message is Message.LATE:
            return Abandoned(task, _late(self._time_limit_s))
        if worker.node in _nodes():
            if task.stem in self._tried:
                return Abandoned(task, _died(str(content)))
            self._tried.add(task.stem)
        self._again.append(task)
        return None

    def kill(self) -> None:
        """End all workers."""
        for worker in (*self._busy, *self._idle, *self._starting):
            worker.kill()

    def _start(self, worker: _Worker[Task], message: Message, content: Any) -> None:
        """A worker started, or did not; beside others that work, it is no harm that there is no room for one."""
        if message is Message.READY:
            worker.node, version = content
            if version != __version__:
                raise UsageError(
                    f"a node of the Ray cluster has packshot {version}, this machine {__version__}",
                    remedy="install the same version on every node",
                )
            self._started, self._failed_starts = True, 0
            self._idle.append(worker)
        elif message is Message.LATE:
            if not self._started:
                raise _no_room(self._start_limit_s)
        else:
            self._failed_starts += 1
            if self._failed_starts == _MAX_FAILED_STARTS:
                raise _no_start(str(content))


def _nodes() -> set[str]:
    """Ids of the nodes that live."""
    return {str(node["NodeID"]) for node in ray.nodes() if node["Alive"]}


def _late(limit_s: float) -> TimeLimitExceeded:
    return TimeLimitExceeded(
        f"not finished after {limit_s:g} s",
        remedy="allow more time with --time-limit if the machine is busy or slow, or make the photo smaller",
    )


def _died(how: str) -> WorkerDied:
    return WorkerDied(
        f"the worker process ended twice over this photo ({how})",
        remedy="run fewer --jobs at once if memory is short; otherwise save the photo anew and try again",
    )


def _no_start(how: str) -> WorkerDied:
    return WorkerDied(
        f"workers on the Ray cluster end while they start ({how})",
        remedy="see that every node has packshot with the same extras, the networks, and memory",
    )


def _no_room(limit_s: float) -> UsageError:
    return UsageError(
        f"no worker started on the Ray cluster within {limit_s:g} s: it has no free core",
        remedy="see `ray status`; end other jobs, or add nodes",
    )
