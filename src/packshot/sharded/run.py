"""`run_sharded`: photos of a bucket in, packshots and one manifest in a bucket out, in shards."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.batch.run_options import PhotoProcessing
from packshot.batch.summary import Progress
from packshot.counting import counted
from packshot.engines import Abandoned, Engine
from packshot.errors import StorageError, UsageError
from packshot.records import MANIFEST, Record
from packshot.sharded.decided import ShardDecisions
from packshot.sharded.entries import PhotoEntry, Row
from packshot.sharded.layout import LEASE, PLAN
from packshot.sharded.merging import Merged, merge
from packshot.sharded.plan import Plan
from packshot.sharded.planning import find_new, unfinished
from packshot.sharded.shard_writer import ShardWriter
from packshot.sharded.sources import PassedOverKeys, as_uri, photos_of
from packshot.sharded.work import ObjectWork, PhotoTask, failed_row
from packshot.signals import stop_on_signals
from packshot.storage.objects import Lease, ObjectFolder, open_folder

if TYPE_CHECKING:
    from packshot.pipeline import Pipeline

__all__ = ["ShardedSummary", "output_folder", "run_sharded"]

SHARD_SIZE = 2000
_LAYOUT = 1  # raise it when the same photo would be written differently


@dataclass(frozen=True, slots=True)
class ShardedSummary:
    """What became of a run.

    Attributes:
        out: URI of the output folder.
        made: photos that this command did.
        seconds: it took.
        merged: what the manifest holds; None where the run was stopped before its end.
        passed_over: what was no photo, in words.
        stopped_by: number of the signal that stopped the run early.
    """

    out: str
    made: int
    seconds: float
    merged: Merged | None
    passed_over: tuple[str, ...] = ()
    stopped_by: int | None = None

    def lines(self) -> list[str]:
        """For a person: how many photos came to what, and where the manifest lies."""
        rate = self.made / self.seconds if self.seconds else 0.0
        speed = f"{self.made} done now, {self.seconds:.1f} s, {rate:.1f} photos/s"
        if self.merged is None:
            return [f"stopped ({speed}): repeat the command to go on"]
        count = self.merged.statuses
        rejected = f", {count['rejected']} rejected" if count["rejected"] else ""
        return [
            f"{counted(self.merged.photos, 'photo')}: {count['ok']} ok, "
            f"{count['review']} to review, {count['failed']} failed{rejected} ({speed})",
            f"manifest: {self.out}/{MANIFEST}",
            f"report: {self.out}/report.html",
        ]

    @property
    def exit_code(self) -> int:
        """0 when all went well, 3 when photos failed, 128 + signal when it was stopped."""
        if self.stopped_by is not None:
            return 128 + self.stopped_by
        return 3 if self.merged is not None and (self.merged.failed or self.merged.without_picture) else 0


def run_sharded(
    sources: Sequence[str | Path],
    out: str | Path,
    processing: PhotoProcessing,
    *,
    engine: Engine,
    progress: Callable[[Progress], None] | None = None,
    finish: Callable[[Record], Record] | None = None,
    tell: Callable[[str], None] = lambda _: None,
    shard_size: int = SHARD_SIZE,
    lease: Lease | None = None,
) -> ShardedSummary:
    """Process every photo, go on with what an earlier command began, and write one manifest.

    What persons decided in ``OUT/review`` until now is obeyed: pictures are made from the masks they corrected, and the
    manifest says what is decided. Photos whose pictures are not what was decided are done again, and no others.

    A photo is done when its row is in the bucket. A killed command loses the rows of its last seconds; their photos are
    done again, to the same bytes. See ``docs/decisions/0056-shards.md``.

    Args:
        sources: URIs of folders, photos or tables, or paths.
        out: URI or path of the output folder.
        processing: how one photo becomes results.
        engine: runs the photos.
        progress: called in this process after each photo.
        finish: adds to a record what follows from it alone.
        tell: called with lines for a person.
        shard_size: photos of a shard.
        lease: on the output folder, of who asked for it before an engine was started; None takes one.

    Raises:
        UsageError: no photos, or the output folder holds something else.
        OutputError: another run holds the output folder, or results cannot be written. What is finished is kept.
        StorageError: a bucket cannot be used.
    """
    started, profiles = time.monotonic(), processing.profiles
    uris = [as_uri(source) for source in sources]
    folder = output_folder(out)
    passed_over = PassedOverKeys()
    with (
        Lease(folder, LEASE, tell=tell) if lease is None else contextlib.nullcontext(lease) as held,
        stop_on_signals() as stop_requested,
        tempfile.TemporaryDirectory(prefix="packshot-") as scratch,
    ):
        plan = Plan.open(folder, uris, profiles, _key(processing.make_pipeline(), profiles))
        decided = ShardDecisions(folder, Path(scratch))
        writer = ShardWriter(folder, held.check)
        work = functools.partial(
            ObjectWork,
            processing,
            str(folder.uri),
            {profile: plan.folders[profile] for profile in profiles},
            scratch=Path(scratch),
            corrections=decided.corrections(),
        )
        tasks = _tasks(plan, decided, writer, _listed(uris, passed_over), size=shard_size)
        made = 0
        try:
            with contextlib.closing(_rows(engine, tasks, work, stop_requested)) as rows:
                for shard, row in rows:
                    writer.add(shard, row)
                    record = decided.settle(row).record
                    if record is not None:
                        made += 1
                        if progress is not None:
                            progress(Progress(made, 0, record if finish is None else finish(record), False))
        except (UsageError, StorageError):
            if not plan.shards():  # nothing was begun: the folder is as it was
                folder.delete([PLAN])
            raise
        finally:
            writer.flush()
        merged = None
        if not stop_requested():
            merged = merge(plan, Path(scratch), settle=decided.settle, finish=finish)
    seconds = time.monotonic() - started
    return ShardedSummary(
        str(folder.uri), made, seconds, merged, tuple(passed_over.lines()), stop_requested.signal_number
    )


def output_folder(out: str | Path) -> ObjectFolder:
    """The folder that results go to.

    Args:
        out: URI or path.

    Raises:
        UsageError: it cannot be read as one.
        StorageError: the bucket cannot be used.
    """
    folder = open_folder(as_uri(out))
    folder.check()
    return folder


def _tasks(
    plan: Plan, decided: ShardDecisions, writer: ShardWriter, listed: Iterator[PhotoEntry], *, size: int
) -> Iterator[PhotoTask]:
    for shard in unfinished(plan, decided):
        for entry in writer.open(shard):
            yield PhotoTask(shard.name, entry)
    for shard in find_new(plan, listed, decided=decided, size=size):
        for entry in writer.open(shard):
            yield PhotoTask(shard.name, entry)


def _listed(uris: Sequence[str], passed_over: PassedOverKeys) -> Iterator[PhotoEntry]:
    listed = photos_of(uris, passed_over)
    first = next(listed, None)
    if first is None:
        what = ", ".join(uris) + (f" ({'; '.join(passed_over.lines())})" if passed_over.counts else "")
        raise UsageError(f"no photos found in {what}", remedy="name a folder of a bucket that holds photos")
    yield first
    yield from listed


def _rows(
    engine: Engine, tasks: Iterator[PhotoTask], work: Callable[[], ObjectWork], stop_requested: Callable[[], bool]
) -> Generator[tuple[str, Row], None, None]:
    with contextlib.closing(engine.run(tasks, work, stop_requested=stop_requested)) as outcomes:
        for each in outcomes:
            if isinstance(each, Abandoned):
                yield each.task.shard, failed_row(each.task, each.error, attempts=each.attempts)
            else:
                yield each.task.shard, each.outcome


def _key(pipeline: Pipeline, profiles: Sequence[str]) -> str:
    """What photos are made with: networks, settings, revisions of the stages, profiles."""
    parts = [str(_LAYOUT), pipeline.fingerprint, *profiles]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
