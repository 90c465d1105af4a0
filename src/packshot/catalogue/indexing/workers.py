"""The worker processes that embed photos, as `index_photos` and `reindex` take them."""

from __future__ import annotations

from typing import TypedDict

from packshot.batch.memory import memory_budget
from packshot.limits import Limits
from packshot.settings import Settings

__all__ = ["WorkerOptions", "worker_options"]


class WorkerOptions(TypedDict):
    """See `packshot.catalogue.indexing.index_photos`."""

    jobs: int | None
    time_limit_s: float
    memory: int | None
    limits: Limits


def worker_options(settings: Settings, *, jobs: int | None, time_limit_s: float) -> WorkerOptions:
    """The worker processes of some settings.

    Args:
        settings: of the pipeline in each.
        jobs: how many; None for one per core, and none for a few photos.
        time_limit_s: seconds one photo may take.
    """
    memory = memory_budget(settings.memory_megabytes)
    return {"jobs": jobs, "time_limit_s": time_limit_s, "memory": memory, "limits": settings.limits}
