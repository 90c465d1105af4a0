"""Which engine runs a batch."""

from __future__ import annotations

from packshot.engines.base import Engine
from packshot.engines.in_process import InProcessEngine
from packshot.engines.memory import MemoryPlan
from packshot.engines.processes import ProcessEngine
from packshot.machine import usable_cores

__all__ = ["choose_engine", "ray_engine", "worker_count"]


def choose_engine(jobs: int, *, time_limit_s: float = 60.0, memory: MemoryPlan | None = None) -> Engine:
    """The engine for a number of worker processes.

    Args:
        jobs: worker processes; 1 works in this process, where no time limit holds and a crash of a library ends all.
        time_limit_s: seconds one task may take in a worker process.
        memory: what worker processes may take together.

    Raises:
        ValueError: `jobs` is below 1.
    """
    return InProcessEngine() if jobs == 1 else ProcessEngine(jobs, time_limit_s=time_limit_s, memory=memory)


def ray_engine(address: str | None, jobs: int | None, *, time_limit_s: float = 60.0) -> Engine:
    """The engine of a Ray cluster.

    Args:
        address: of its head; None for ``RAY_ADDRESS``, or a cluster of this machine's own.
        jobs: workers; None for one per core of the cluster.
        time_limit_s: seconds one task may take.

    Raises:
        UsageError: the extra ``ray`` is not installed.
    """
    from packshot.engines.on_ray import RayEngine  # noqa: PLC0415  # needs the extra

    return RayEngine(address, jobs=jobs, time_limit_s=time_limit_s)


def worker_count(asked: int | None, tasks: int, *, few: int) -> int:
    """How many worker processes to start.

    Args:
        asked: by the user; None to choose.
        tasks: to be done.
        few: so many tasks are done before worker processes would have started.
    """
    return asked or (1 if tasks <= few else usable_cores())
