"""How many worker processes a batch gets, and what each of them may take."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.batch.memory import memory_budget, memory_plan, workers_that_fit
from packshot.batch.run_options import Workers
from packshot.engines import Engine, ProcessEngine, worker_count
from packshot.settings import Settings

__all__ = ["WorkerPlan", "plan_workers"]

_FEW = 4  # photos that are done before worker processes would have started


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """The workers of one batch.

    Attributes:
        workers: who does the work.
        settings: of each worker, which share the cores.
        note: that they are fewer than was asked for, in words; else empty.
    """

    workers: Workers
    settings: Settings
    note: str


def plan_workers(
    jobs: int | None,
    count: int,
    settings: Settings,
    *,
    watched: bool = False,
    time_limit_s: float = 60.0,
    engine: Engine | None = None,
) -> WorkerPlan:
    """The workers of a batch of so many photos.

    Args:
        jobs: as was asked for; None for one per core, and none for a few photos.
        count: photos.
        settings: of the pipeline.
        watched: whether the photos arrive while a folder is watched, for days: there a photo that hangs or crashes a
            decoder must cost no more than itself, so even one has a process, and no more are started than photos came.
        time_limit_s: seconds one photo may take in a worker process.
        engine: another one than worker processes of this machine.
    """
    memory = memory_budget(settings.memory_megabytes)
    wanted = worker_count(jobs, count, few=0 if watched else _FEW)
    if watched:
        wanted = min(wanted, max(count, 1))
    fitting, note = workers_that_fit(wanted, memory, limits=settings.limits)
    if watched and engine is None:
        shared = memory_plan(memory, limits=settings.limits)
        engine = ProcessEngine(wanted, time_limit_s=time_limit_s, memory=shared)
    workers = Workers(jobs=wanted, time_limit_s=time_limit_s, memory=memory, engine=engine)
    return WorkerPlan(workers, settings.shared_between(fitting), note)
