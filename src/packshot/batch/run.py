"""`run_batch`: a folder of photos in, a folder of packshots, a manifest and a report out."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.batch.consistency import Consistency, make_consistent
from packshot.batch.deciding import Decided, outdated
from packshot.batch.groups import Grouping
from packshot.batch.heatmaps import heatmaps_on_disk
from packshot.batch.journal import Entry, Journal
from packshot.batch.memory import memory_budget, memory_plan
from packshot.batch.name_book import write_names
from packshot.batch.orphans import Orphan, find_orphans, prune_profiles, write_orphans
from packshot.batch.orphans import prune as prune_orphans
from packshot.batch.own_results import PRODUCT_FOLDERS
from packshot.batch.planning import Naming, Plan, make_plan
from packshot.batch.profile_folders import forget_profiles
from packshot.batch.results import RunFile, Typed, keep_run
from packshot.batch.sources import find_sources
from packshot.batch.work import Outcome, PhotoWork, Task, failed_entry
from packshot.engines import Done, Engine, choose_engine
from packshot.errors import OutputError, UsageError
from packshot.limits import Limits
from packshot.records import MANIFEST, Record, write_manifest
from packshot.signals import StopRequest, stop_on_signals
from packshot.storage.atomic import output_error, remove_stale
from packshot.storage.lock import STATE_FOLDER, lock_folder
from packshot.values import Status

if TYPE_CHECKING:
    from packshot.pipeline import Pipeline

__all__ = ["Progress", "Summary", "run_batch"]

REPORT = "report.html"
_FEW = 4  # photos that are made anew before worker processes would have started
_ROUNDS = 5  # as many times a photo is made anew that persons decide on again and again while the run goes on


@dataclass(frozen=True, slots=True)
class Progress:
    """One input is finished.

    Attributes:
        done: inputs finished so far, this one included.
        total: inputs of the batch.
        record: its line of the manifest.
        resumed: whether an earlier run had done it already.
    """

    done: int
    total: int
    record: Record
    resumed: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a batch.

    Attributes:
        total: inputs.
        ok: finished pictures.
        review: finished pictures that a person should look at, and nobody decided on.
        failed: inputs without a picture, each with its reason in the manifest.
        resumed: of those, how many an earlier run had done already.
        seconds: the run took.
        stopped_by: number of the signal that stopped the run early, None if it went through.
        manifest: the file with one line per finished input.
        report: the HTML page for people.
        without_picture: of the finished, those of which a profile's picture could not be made.
        folders: name of each profile to the folder of its pictures, below the output folder.
        dropped: the same of profiles that have pictures there of earlier runs and that this one was not asked for.
        orphans: results in the folder whose photo is gone; ``orphans.jsonl`` lists them.
        trashed: files that were moved to the trash.
        alike: what was made alike where that was asked for.
        rejected: inputs that a person rejected.
        decided: inputs of which persons decided anything.
    """

    total: int
    ok: int
    review: int
    failed: int
    resumed: int
    seconds: float
    stopped_by: int | None
    manifest: Path
    report: Path
    without_picture: int = 0
    folders: Mapping[str, str] = field(default_factory=dict)
    dropped: Mapping[str, str] = field(default_factory=dict)
    orphans: tuple[Orphan, ...] = ()
    trashed: int = 0
    alike: Consistency | None = None
    rejected: int = 0
    decided: int = 0

    @property
    def exit_code(self) -> int:
        """0 when all went well, 3 when inputs or a profile's pictures failed, 128 + signal when the run was stopped."""
        if self.stopped_by is not None:
            return 128 + self.stopped_by
        return 3 if self.failed or self.without_picture else 0


def run_batch(
    sources: Iterable[str | Path],
    out: str | Path,
    make_pipeline: Callable[[], Pipeline],
    *,
    jobs: int = 1,
    time_limit_s: float = 60.0,
    progress: Callable[[Progress], None] | None = None,
    profiles: Sequence[str] = ("plain",),
    naming: Naming | None = None,
    prune: bool = False,
    fingerprints: bool = False,
    memory: int | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
    finish: Callable[[Record], Record] | None = None,
    consistent: Grouping | None = None,
    typed: Typed | None = None,
    decided_only: bool = False,
) -> Summary:
    """Process every photo, resume what an earlier run began, write manifest and report.

    What persons decided in ``OUT/review`` is obeyed, also what they decide while the run goes on: pictures are made
    from the masks they corrected, their categories are the photos', and what is decided is not to be looked at again.

    Bad photos do not stop the batch. Ctrl-C and SIGTERM do, after the photos in hand; the same call goes on.

    Args:
        sources: files, folders or globs.
        out: the output folder; made if missing, held for the length of the run.
        make_pipeline: makes a pipeline; called once in each worker process, so it must survive pickling
            (a function of a module, or a `functools.partial` of one) unless `jobs` is 1.
        jobs: worker processes; 1 works in this process, where no time limit holds and a crash of a library
            ends the run.
        time_limit_s: seconds one photo may take in a worker process.
        progress: called in this process after each input.
        profiles: names of the marketplace profiles the pipeline makes pictures for.
        naming: how products are told and pictures are called; by default as their photos.
        prune: move results whose photo is gone, and pictures of profiles that are not asked for any more, to a trash
            folder, once all photos are done.
        fingerprints: whether to keep each photo's fingerprint, by which a catalogue finds duplicates.
        memory: bytes that the worker processes may take together; by default most of what is free. Photos that do not
            fit beside others wait.
        limits: of the pipeline, to tell how much a photo needs.
        engine: another way to run the tasks than the one `jobs` asks for.
        finish: adds to a record what follows from it alone, such as its texts (`packshot.wording.Wording`), for
            `progress`, manifest and report.
        consistent: what pictures are made alike once all are there: those of a SKU, or of a category.
        typed: the command that was typed, kept so that `packshot review apply` can repeat it.
        decided_only: make anew only what was corrected since the last run, and leave everything else as it is.

    Returns:
        Counts, duration and where manifest and report lie.

    Raises:
        UsageError: no photos, or the output folder holds other things.
        OutputError: results cannot be written, or another run holds the folder. What is finished is kept.
        PackshotError: the pipeline could not be made.
    """
    started = time.monotonic()
    out = Path(out)
    found = find_sources(sources, out=out)
    shared = memory_plan(memory or memory_budget(), limits=limits or Limits())
    _prepare(out)
    finish = finish or _as_it_is
    with lock_folder(out), Journal(out) as journal, stop_on_signals() as stopping:
        remove_stale(out, below=[STATE_FOLDER, *sorted(PRODUCT_FOLDERS)])
        plan = make_plan(found, out, journal, profiles, naming or Naming())
        decided = Decided(out)
        if decided_only:
            stems = keep_run(out, [task.stem for task in plan.tasks])
            tasks = outdated(plan.tasks, journal, decided, retry=True)
        else:
            tasks, stems = plan.tasks, [task.stem for task in plan.tasks]
            RunFile(tuple(stems), typed).write(out)
        jobs = 1 if decided_only and len(tasks) <= _FEW else jobs
        engine = engine or choose_engine(jobs, time_limit_s=time_limit_s, memory=shared)
        finished = {stem for stem in stems if stem in journal} if decided_only else set()
        resumed = set(finished)
        heatmaps = heatmaps_on_disk(out)
        for _ in range(_ROUNDS):
            if not tasks:
                break
            work = functools.partial(
                PhotoWork, make_pipeline, out, fingerprints=fingerprints, corrections=decided.corrections()
            )
            known = _with_earlier(tasks, journal, heatmaps)
            with contextlib.closing(_outcomes(engine, known, work, stopping, out=out)) as outcomes:
                for outcome in outcomes:
                    entry = outcome.entry
                    if not outcome.resumed or entry != journal.get(entry.stem):
                        journal.append(entry)
                    finished.add(entry.stem)
                    (resumed.add if outcome.resumed else resumed.discard)(entry.stem)
                    if progress is not None:
                        progress(Progress(len(finished), len(stems), finish(decided.settle(entry)), outcome.resumed))
            decided.refresh()  # what was decided meanwhile
            tasks = [] if stopping() else outdated([task for task in tasks if task.stem in finished], journal, decided)
        done = [stem for stem in stems if stem in finished]
        for entry in [] if decided_only else _lost(journal, done, out, profiles=plan.folders):
            journal.append(entry)
            if progress is not None:
                progress(Progress(len(finished), len(stems), finish(entry.record), resumed=False))
        alike = None
        if len(done) == len(stems) and (consistent is not None or _any_placed(journal, done)):
            targets = {task.stem: task.targets for task in plan.tasks}
            alike = make_consistent(journal, out, targets, make_pipeline(), consistent)
        records = [(entry.stem, finish(decided.settle(entry))) for entry in _entries(journal, done)]
        _write_results(records, out, total=len(stems), profiles=plan.folders)
        nothing: tuple[list[Orphan], dict[str, str], int] = ([], plan.dropped, 0)
        left = nothing if decided_only else _tidy(out, plan, journal, done, prune=prune)
    counts = Counter(record.status for _, record in records)
    return Summary(
        total=len(stems),
        ok=counts[Status.OK],
        review=counts[Status.REVIEW],
        failed=counts[Status.FAILED],
        resumed=len(resumed),
        seconds=time.monotonic() - started,
        stopped_by=stopping.signal_number if len(done) < len(stems) else None,
        manifest=out / MANIFEST,
        report=out / REPORT,
        without_picture=sum(_lacks_picture(record) for _, record in records),
        folders=plan.folders,
        orphans=tuple(left[0]),
        dropped=left[1],
        trashed=left[2],
        alike=alike if consistent is not None else None,
        rejected=counts[Status.REJECTED],
        decided=sum(bool(record.decisions) for _, record in records),
    )


def _tidy(
    out: Path, plan: Plan, journal: Journal, done: Sequence[str], *, prune: bool
) -> tuple[list[Orphan], dict[str, str], int]:
    """What is left of photos that are gone, and of profiles nobody asks for; and how many files went to the trash."""
    orphans = find_orphans(journal, out, current={task.stem for task in plan.tasks})
    dropped, trashed = plan.dropped, 0
    if prune and len(done) == len(plan.tasks):
        trashed = _prune(out, orphans, plan, journal)
        orphans, dropped = [], {}
    write_orphans(out, orphans)
    journal.compact(done)
    return orphans, dropped, trashed


def _prune(out: Path, orphans: Sequence[Orphan], plan: Plan, journal: Journal) -> int:
    moved = prune_orphans(out, orphans, journal) + prune_profiles(out, set(plan.dropped), journal)
    forget_profiles(out, plan.dropped)
    gone = {orphan.stem for orphan in orphans}
    write_names(out, [name for name in plan.names if name.stem not in gone])
    return moved


def _outcomes(
    engine: Engine, tasks: Iterable[Task], work: Callable[[], PhotoWork], stopping: StopRequest, *, out: Path
) -> Generator[Outcome, None, None]:
    # Closed even if the loop is left by an error: no worker goes on without its run.
    with contextlib.closing(engine.run(tasks, work, stopping=stopping)) as done:
        for each in done:
            yield each.outcome if isinstance(each, Done) else Outcome(failed_entry(each.task, each.error, out))


def _write_results(
    records: Sequence[tuple[str, Record]], out: Path, *, total: int, profiles: Mapping[str, str]
) -> None:
    from packshot.batch.report import write_report  # noqa: PLC0415  # brings jinja2, needed at the end only

    write_manifest(out / MANIFEST, (record for _, record in records))
    write_report(out / REPORT, records, total=total, profiles=profiles)


def _lacks_picture(record: Record) -> bool:
    failed = [picture.status is Status.FAILED for picture in record.packshots.values()]
    return any(failed) and not all(failed)


def _lost(journal: Journal, stems: list[str], out: Path, *, profiles: Iterable[str]) -> Iterator[Entry]:
    """Inputs whose results were deleted since they were written: that they failed now."""
    for entry in _entries(journal, stems):
        made = [entry.packshots[name].outputs for name in profiles if name in entry.packshots]
        gone = [name for name in itertools.chain(entry.outputs, *made) if not os.path.lexists(out / name)]
        if gone and entry.record.status is not Status.FAILED:
            error = OutputError(
                f"{out / gone[0]} was deleted while the run lasted", remedy="repeat the command: it is made again"
            )
            failed = Record.failed(entry.record.source, error)
            yield Entry(entry.stem, entry.path, None, None, failed)


def _any_placed(journal: Journal, stems: Iterable[str]) -> bool:
    return any(brief.placed for stem in stems if (brief := journal.brief(stem)) is not None)


def _as_it_is(record: Record) -> Record:
    return record


def _entries(journal: Journal, stems: Iterable[str]) -> Iterator[Entry]:
    return (entry for stem in stems if (entry := journal.get(stem)) is not None)


def _with_earlier(tasks: Iterable[Task], journal: Journal, heatmaps: Mapping[str, list[str]]) -> Iterator[Task]:
    for task in tasks:
        yield replace(task, earlier=journal.get(task.stem), heatmaps=tuple(heatmaps.get(task.stem, ())))


def _prepare(out: Path) -> None:
    """Make the output folder, or see that it is one: what packshot did not write it does not overwrite."""
    try:
        if out.exists() and not out.is_dir():
            raise UsageError(f"{out} is not a folder", remedy="choose another output folder with -o")
        if not (out / STATE_FOLDER).is_dir():
            taken = [name for name in (*sorted(PRODUCT_FOLDERS), MANIFEST, REPORT) if _holds_something(out / name)]
            if taken:
                raise UsageError(
                    f"{out} already holds {', '.join(taken)}, and nothing tells that a run made them",
                    remedy="choose another output folder with -o, or move them away",
                )
        (out / STATE_FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(out, error) from error


def _holds_something(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else path.exists()
