"""How much memory worker processes may take, and how much a photo needs of it."""

from __future__ import annotations

from packshot.engines import MemoryPlan
from packshot.limits import Limits
from packshot.machine import usable_memory
from packshot.photo import memory_to_decode

__all__ = ["memory_budget", "memory_plan", "workers_that_fit"]

#: Of a worker process with its networks, once it has done a small photo (`benchmarks/photo_memory.py`).
_WORKER_BYTES = 325_000_000
_FREE_SHARE = 0.8  # what is free at the start need not stay free


def memory_budget(megabytes: float | None = None) -> int | None:
    """Bytes that all workers may take together: as asked for, or most of what is free; None where nobody knows.

    Args:
        megabytes: `packshot.settings.Settings.memory_megabytes`.
    """
    if megabytes is not None:
        return int(megabytes * 1_000_000)
    free = usable_memory()
    return None if free is None else int(free * _FREE_SHARE)


def memory_plan(budget: int | None, *, limits: Limits) -> MemoryPlan | None:
    """How tasks with a `source`, the path of a photo, share the memory there is; None where nobody knows that.

    Args:
        budget: bytes, see `memory_budget`.
        limits: of the decoder.
    """
    if budget is None:
        return None
    return MemoryPlan(budget, _WORKER_BYTES, lambda task: memory_to_decode(task.source, limits=limits))


def workers_that_fit(workers: int, budget: int | None, *, limits: Limits) -> tuple[int, str]:
    """How many of so many worker processes fit into the memory, and that it is fewer, in words; else empty.

    Args:
        workers: wanted.
        budget: bytes, see `memory_budget`.
        limits: of the decoder.
    """
    plan = memory_plan(budget, limits=limits)
    fitting = workers if plan is None else plan.jobs(workers)
    if plan is None or fitting >= workers:
        return workers, ""
    room = f"{plan.budget / 1e6:.0f} MB of memory"
    return fitting, f"worker processes: {fitting} instead of {workers}, to fit into {room}"
