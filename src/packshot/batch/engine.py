"""How a batch's tasks reach whoever does them: the interface, and the simplest engine.

An engine knows nothing of photos. It is given tasks and a way to make a worker, and yields what became of
each task, in any order. `packshot.batch.processes` runs workers on this machine; a cluster's engine fits the
same interface, with a shard of the sources as its unit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from packshot.errors import PackshotError

__all__ = ["Done", "Engine", "InProcessEngine", "Job", "Lost", "MakeWork", "Work"]


class Job(Protocol):
    """What an engine knows of a task: its name, by which it is tried again once."""

    @property
    def stem(self) -> str:
        """Differs from that of every other task of the batch."""


Task = TypeVar("Task", bound=Job)
Outcome = TypeVar("Outcome")

Work = Callable[[Task], Outcome]
"""Does one task; an exception it raises ends the batch."""

MakeWork = Callable[[], Work[Task, Outcome]]
"""Makes the work in the process that will do it; must survive pickling."""


@dataclass(frozen=True, slots=True)
class Done(Generic[Task, Outcome]):
    """A task that was carried through; the photo itself may have failed."""

    task: Task
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Lost(Generic[Task]):
    """A task whose worker died or was stopped, and why."""

    task: Task
    error: PackshotError


class Engine(Protocol):
    """Runs tasks somewhere."""

    def run(
        self, tasks: Iterable[Task], make_work: MakeWork[Task, Outcome], *, stopping: Callable[[], bool]
    ) -> Generator[Done[Task, Outcome] | Lost[Task], None, None]:
        """Yield each task's fate, in any order; take no more tasks than can be worked on.

        Closing the generator ends all work at once.

        Args:
            tasks: taken one by one, as workers become free.
            make_work: called once per worker.
            stopping: asked before each task is taken; once true, finish what was begun and end.

        Raises:
            PackshotError: what `make_work` or the work raised; nothing more is done.
        """
        ...


class InProcessEngine:
    """Does one task after another in this process: no start-up cost, but no protection either.

    A photo that crashes a library takes the run along, and no time limit holds.
    """

    def run(
        self, tasks: Iterable[Task], make_work: MakeWork[Task, Outcome], *, stopping: Callable[[], bool]
    ) -> Generator[Done[Task, Outcome] | Lost[Task], None, None]:
        """See `Engine.run`."""
        work = make_work()
        for task in tasks:
            if stopping():
                return
            yield Done(task, work(task))
