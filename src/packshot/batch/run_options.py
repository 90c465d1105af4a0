"""How a run is asked for: three values that the command line, watched folders, the service and runs in shards share.

A new option of a photo's results is a field of `PhotoProcessing`, which workers get whole; one of the folder as a whole
is a field of `RunOptions`; one of the machine is a field of `Workers`. Functions on the way pass them on as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packshot.batch.groups import Grouping
from packshot.batch.memory import memory_budget, memory_plan
from packshot.batch.planning import Naming
from packshot.batch.results import Typed
from packshot.engines import Engine, choose_engine
from packshot.limits import Limits

if TYPE_CHECKING:
    from packshot.batch.incoming import IncomingPhotos
    from packshot.pipeline import Pipeline

__all__ = ["PhotoProcessing", "RunOptions", "Workers"]


@dataclass(frozen=True, slots=True)
class PhotoProcessing:
    """How one photo becomes results. It survives pickling if `make_pipeline` does.

    Attributes:
        make_pipeline: makes a pipeline; called once in each worker process, so it must survive pickling (a function of
            a module, or a `functools.partial` of one) unless there is one worker, in this process.
        profiles: names of the marketplace profiles the pipeline makes pictures for.
        limits: of the pipeline, to tell how much a photo needs and which is too large to read.
        fingerprints: whether to keep each photo's fingerprint, by which a catalogue finds duplicates.
        sketches: whether to tell what finds each photo's duplicates, without keeping its fingerprint.
    """

    make_pipeline: Callable[[], Pipeline]
    profiles: Sequence[str] = ("plain",)
    limits: Limits = field(default_factory=Limits)
    fingerprints: bool = False
    sketches: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What a run does with its folder as a whole.

    Attributes:
        naming: how products are told and pictures are called; by default as their photos.
        consistent: what pictures are made alike once all are there: those of a SKU, or of a category.
        prune: move results whose photo is gone, and pictures of profiles that are not asked for any more, to a trash
            folder, once all photos are done.
        typed: the command that was typed, kept so that `packshot review apply` can repeat it.
        decided_only: make anew only what was corrected since the last run, and leave everything else as it is. Photos
            may be gone: what is decided of them in words counts all the same, and the summary names those whose
            pictures wait for them.
        incoming: of the same sources, where they are watched: photos that have not arrived are not there yet, and those
            that were done before its last scan are kept as they are.
    """

    naming: Naming = field(default_factory=Naming)
    consistent: Grouping | None = None
    prune: bool = False
    typed: Typed | None = None
    decided_only: bool = False
    incoming: IncomingPhotos | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """Who does the work.

    Attributes:
        jobs: worker processes; 1 works in this process, where no time limit holds and a crash of a library ends the
            run.
        time_limit_s: seconds one photo may take in a worker process.
        memory: bytes that the worker processes may take together; by default most of what is free. Photos that do not
            fit beside others wait.
        engine: another way to run the tasks than the one `jobs` asks for.
    """

    jobs: int = 1
    time_limit_s: float = 60.0
    memory: int | None = None
    engine: Engine | None = None

    def chosen_engine(self, limits: Limits, *, here: bool = False) -> Engine:
        """The engine of a run.

        Args:
            limits: of the pipeline.
            here: whether the tasks are so few that they are done in this process.
        """
        memory = memory_plan(self.memory or memory_budget(), limits=limits)
        return self.engine or choose_engine(1 if here else self.jobs, time_limit_s=self.time_limit_s, memory=memory)
