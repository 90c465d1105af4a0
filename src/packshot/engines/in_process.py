"""The simplest engine: no workers at all."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from packshot.engines.base import Abandoned, Done, MakeWork, Outcome, Task

__all__ = ["InProcessEngine"]


class InProcessEngine:
    """Does one task after another in this process: no start-up cost, but no protection either.

    A photo that crashes a library takes the run along, and no time limit holds.
    """

    def run(
        self, tasks: Iterable[Task], make_work: MakeWork[Task, Outcome], *, stop_requested: Callable[[], bool]
    ) -> Generator[Done[Task, Outcome] | Abandoned[Task], None, None]:
        """See `packshot.engines.base.Engine.run`."""
        work = make_work()
        for task in tasks:
            if stop_requested():
                return
            yield Done(task, work(task))
