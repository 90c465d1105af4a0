"""What an engine is: it runs tasks somewhere and says what became of each.

An engine knows nothing of photos. It is given tasks and a way to make a worker, and yields each task's outcome, in any
order. A cluster's engine fits the same interface, with a shard of the sources as its unit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from packshot.errors import PackshotError, WorkerDied

__all__ = ["Abandoned", "Done", "Engine", "MakeWork", "NamedTask", "Outcome", "Task", "Work"]


class NamedTask(Protocol):
    """What an engine knows of a task: its name, by which it is tried again once."""

    @property
    def stem(self) -> str:
        """Differs from that of every other task of the batch."""


Task = TypeVar("Task", bound=NamedTask)
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
class Abandoned(Generic[Task]):
    """A task whose worker died or was stopped, and why."""

    task: Task
    error: PackshotError

    @property
    def attempts(self) -> int:
        """How often it was tried: where a worker ended, another one tried it once more."""
        return 2 if isinstance(self.error, WorkerDied) else 1


class Engine(Protocol):
    """Runs tasks somewhere."""

    def run(
        self, tasks: Iterable[Task], make_work: MakeWork[Task, Outcome], *, stop_requested: Callable[[], bool]
    ) -> Generator[Done[Task, Outcome] | Abandoned[Task], None, None]:
        """Yield each task's outcome, in any order; take no more tasks than can be worked on.

        Closing the generator ends all work at once.

        Args:
            tasks: taken one by one, as workers become free.
            make_work: called once per worker.
            stop_requested: asked before each task is taken; once true, finish what was begun and end.

        Raises:
            PackshotError: what `make_work` or the work raised; nothing more is done.
        """
        ...
