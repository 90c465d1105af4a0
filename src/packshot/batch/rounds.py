"""The photos of a run made one after the other, and made again where a person decided while it went on."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from packshot.batch.deciding import Decided, outdated
from packshot.batch.heatmaps import heatmaps_on_disk
from packshot.batch.journal import Entry, Journal
from packshot.batch.run_options import PhotoProcessing
from packshot.batch.task import Outcome, Task
from packshot.batch.work import PhotoWork, failed_entry
from packshot.engines import Done, Engine
from packshot.signals import StopRequest

__all__ = ["Finished", "make_in_rounds"]

_ROUNDS = 5  # as many times a photo is made anew that persons decide on again and again while the run goes on


@dataclass(slots=True)
class Finished:
    """How far a run is.

    Attributes:
        stems: of the photos that are finished.
        resumed: those of them that an earlier run had finished.
        told: called with each entry that is finished, and whether an earlier run had done it.
    """

    stems: set[str]
    told: Callable[[Entry, bool], None]
    resumed: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.resumed = set(self.stems)

    def add(self, outcome: Outcome) -> None:
        """Count one photo, which may have been counted in an earlier round."""
        stem = outcome.entry.stem
        self.stems.add(stem)
        (self.resumed.add if outcome.resumed else self.resumed.discard)(stem)
        self.told(outcome.entry, outcome.resumed)


def make_in_rounds(
    tasks: Sequence[Task],
    finished: Finished,
    *,
    engine: Engine,
    processing: PhotoProcessing,
    out: Path,
    journal: Journal,
    decided: Decided,
    stop_requested: StopRequest,
) -> None:
    """Let the engine make each photo and keep what became of it; then those again that a person decided on meanwhile.

    Raises:
        OutputError: results cannot be written. What is finished is kept.
        PackshotError: the pipeline could not be made.
    """
    heatmaps = heatmaps_on_disk(out)
    for _ in range(_ROUNDS):
        if not tasks:
            return
        work = functools.partial(PhotoWork, processing, out, corrections=decided.corrections())
        known = _with_earlier(tasks, journal, heatmaps)
        with contextlib.closing(_outcomes(engine, known, work, stop_requested, out=out)) as outcomes:
            for outcome in outcomes:
                if not outcome.resumed or outcome.entry != journal.get(outcome.entry.stem):
                    journal.append(outcome.entry)
                finished.add(outcome)
        decided.refresh()
        if stop_requested():
            return
        tasks = outdated([task for task in tasks if task.stem in finished.stems], journal, decided)


def _outcomes(
    engine: Engine, tasks: Iterable[Task], work: Callable[[], PhotoWork], stop_requested: StopRequest, *, out: Path
) -> Generator[Outcome, None, None]:
    # Closed even if the loop is left by an error: no worker goes on without its run.
    with contextlib.closing(engine.run(tasks, work, stop_requested=stop_requested)) as done:
        for each in done:
            if isinstance(each, Done):
                yield each.outcome
            else:
                yield Outcome(failed_entry(each.task, each.error, out, attempts=each.attempts))


def _with_earlier(tasks: Iterable[Task], journal: Journal, heatmaps: Mapping[str, list[str]]) -> Iterator[Task]:
    for task in tasks:
        yield replace(task, earlier=journal.get(task.stem), heatmaps=tuple(heatmaps.get(task.stem, ())))
