"""`run_batch`: a folder of photos in, a folder of packshots, a manifest and a report out."""

from __future__ import annotations

import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from packshot.batch.consistency import Consistency, make_consistent
from packshot.batch.deciding import Decided, outdated, unmade
from packshot.batch.journal import Entry, Journal
from packshot.batch.orphans import Orphan
from packshot.batch.outputs import Target, kept_targets
from packshot.batch.own_results import PRODUCT_FOLDERS, refuse_run_results
from packshot.batch.planning import Naming, Plan, make_plan
from packshot.batch.results import RunFile, keep_run
from packshot.batch.rounds import Finished, make_in_rounds
from packshot.batch.run_options import PhotoProcessing, RunOptions, Workers
from packshot.batch.sources import Source, find_sources, sources_left
from packshot.batch.summary import Progress, Summary
from packshot.batch.task import Task
from packshot.batch.tidying import as_listed, tidy
from packshot.errors import OutputError, UsageError
from packshot.records import MANIFEST, Record, write_manifest
from packshot.signals import stop_on_signals
from packshot.storage.atomic import output_error, remove_stale
from packshot.storage.lock import STATE_FOLDER, folder_lock
from packshot.values import Status

__all__ = ["run_batch"]

REPORT = "report.html"
_FEW = 4  # photos that are made anew before worker processes would have started


def run_batch(
    sources: Iterable[str | Path],
    out: str | Path,
    processing: PhotoProcessing,
    *,
    options: RunOptions = RunOptions(),  # noqa: B008  # frozen
    workers: Workers = Workers(),  # noqa: B008  # frozen
    progress: Callable[[Progress], None] | None = None,
    finish: Callable[[Record], Record] | None = None,
) -> Summary:
    """Process every photo, resume what an earlier run began, write manifest and report.

    What persons decided in ``OUT/review`` is obeyed, also what they decide while the run goes on: pictures are made
    from the masks they corrected, their categories are the photos', and what is decided is not to be looked at again.

    Bad photos do not stop the batch. Ctrl-C and SIGTERM do, after the photos in hand; the same call goes on.

    Args:
        sources: files, folders or globs.
        out: the output folder; made if missing, held for the length of the run.
        processing: how one photo becomes results.
        options: what the run does with the folder as a whole.
        workers: who does the work.
        progress: called in this process after each input.
        finish: adds to a record what follows from it alone, such as its texts (`packshot.wording.Wording`), for
            `progress`, manifest and report.

    Returns:
        Counts, duration and where manifest and report lie.

    Raises:
        UsageError: no photos, or the output folder holds other things, or lies among the results of a run.
        OutputError: results cannot be written, or another run holds the folder. What is finished is kept.
        PackshotError: the pipeline could not be made.
    """
    started = time.monotonic()
    out = Path(out)
    decided_only = options.decided_only
    refuse_run_results(out, option="-o")
    found = _photos(sources, out, options)
    _prepare(out)
    finish = finish or _as_it_is
    with folder_lock(out).hold(), Journal(out) as journal, stop_on_signals() as stop_requested:
        written = [STATE_FOLDER, *sorted(PRODUCT_FOLDERS)]
        remove_stale(out, below=written)
        # Where no photo is left, nothing is named, and the table that says how may be gone, too.
        plan = make_plan(found, out, journal, processing.profiles, options.naming if found else Naming())
        decided = Decided(out)
        tasks, stems = _asked_for(plan, out, journal, decided, options)
        waiting = decided.waiting(set(stems) - {task.stem for task in plan.tasks}, journal)
        asked = [task.stem for task in tasks]
        before = {stem for stem in stems if stem in journal} if decided_only else set(stems) - set(asked)

        def told(entry: Entry, resumed: bool) -> None:
            if progress is not None:
                progress(Progress(len(finished.stems), len(stems), finish(decided.settle(entry)), resumed))

        finished = Finished(before, told)
        make_in_rounds(
            tasks,
            finished,
            engine=workers.chosen_engine(processing.limits, here=decided_only and len(tasks) <= _FEW),
            processing=processing,
            out=out,
            journal=journal,
            decided=decided,
            stop_requested=stop_requested,
        )
        remove_stale(out, below=written)  # of workers that were killed, and of nodes that were lost, meanwhile
        done = [stem for stem in stems if stem in finished.stems]
        looked_at = [] if decided_only else [stem for stem in asked if stem in finished.stems]
        for entry in _lost(journal, looked_at, out, profiles=plan.folders):
            journal.append(entry)
            told(entry, resumed=False)
        whole = len(done) == len(stems)
        alike = (
            _made_alike(plan, done, out=out, journal=journal, decided=decided, processing=processing, options=options)
            if whole
            else None
        )
        left = (
            as_listed(out, plan)
            if decided_only
            else tidy(out, plan, journal, done, total=len(stems), prune=options.prune)
        )
        settled = ((entry.stem, decided.settle(entry)) for entry in _entries(journal, done))
        records = [(stem, finish(unmade(record) if stem in waiting else record)) for stem, record in settled]
        _write_results(records, out, total=len(stems), profiles=plan.folders, orphans=left.orphans)
    counts = Counter(record.status for _, record in records)
    return Summary(
        total=len(stems),
        ok=counts[Status.OK],
        review=counts[Status.REVIEW],
        failed=counts[Status.FAILED],
        resumed=len(finished.resumed),
        seconds=time.monotonic() - started,
        stopped_by=stop_requested.signal_number if len(done) < len(stems) else None,
        manifest=out / MANIFEST,
        report=out / REPORT,
        without_picture=sum(_lacks_picture(record) for _, record in records),
        folders=plan.folders,
        orphans=tuple(left.orphans),
        dropped=left.dropped,
        trashed=left.trashed,
        alike=alike if options.consistent is not None else None,
        rejected=counts[Status.REJECTED],
        decided=sum(bool(record.decisions) for _, record in records),
        waiting=tuple(record.source for stem, record in records if stem in waiting),
        scattered=plan.scattered,
        without_sku=tuple(plan.without_sku),
        not_asked=tuple(left.not_asked),
    )


def _photos(sources: Iterable[str | Path], out: Path, options: RunOptions) -> list[Source]:
    folder_lock(out).refuse()  # before they are listed, which may take minutes
    found = sources_left(sources, out=out) if options.decided_only else find_sources(sources, out=out)
    return found if options.incoming is None else options.incoming.whole(found)


def _asked_for(
    plan: Plan, out: Path, journal: Journal, decided: Decided, options: RunOptions
) -> tuple[list[Task], list[str]]:
    """What is to be done now, and the stems of all photos the run is of; kept in the output folder."""
    stems = [task.stem for task in plan.tasks]
    if options.decided_only:
        return outdated(plan.tasks, journal, decided, retry=True), keep_run(out, stems)
    RunFile(tuple(stems), options.typed).write(out)
    if options.incoming is None:
        return plan.tasks, stems
    new, corrected = options.incoming.new, {task.stem for task in outdated(plan.tasks, journal, decided)}
    return [
        each for each in plan.tasks if each.source in new or each.stem in corrected or each.stem not in journal
    ], stems


def _made_alike(
    plan: Plan,
    done: Sequence[str],
    *,
    out: Path,
    journal: Journal,
    decided: Decided,
    processing: PhotoProcessing,
    options: RunOptions,
) -> Consistency | None:
    """What was made alike in pictures of one product; None where nobody asks for it, now or in an earlier run."""
    if options.consistent is None and not _any_placed(journal, done):
        return None
    targets, pipeline = _targets(plan, journal, done), processing.make_pipeline()
    return make_consistent(journal, out, targets, pipeline, options.consistent, settle=decided.settle)


def _targets(plan: Plan, journal: Journal, stems: Iterable[str]) -> dict[str, Mapping[str, Target]]:
    """Where the pictures of some photos lie, also of those that are gone."""
    targets: dict[str, Mapping[str, Target]] = {task.stem: task.targets for task in plan.tasks}
    gone = _entries(journal, (stem for stem in stems if stem not in targets))
    return targets | {entry.stem: kept_targets(entry, plan.folders) for entry in gone}


def _write_results(
    records: Sequence[tuple[str, Record]],
    out: Path,
    *,
    total: int,
    profiles: Mapping[str, str],
    orphans: Sequence[Orphan],
) -> None:
    from packshot.batch.report import write_report  # noqa: PLC0415  # brings jinja2, needed at the end only

    write_manifest(out / MANIFEST, (record for _, record in records))
    write_report(out / REPORT, records, total=total, profiles=profiles, orphans=orphans)


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
