"""All batches of a service: made, filled and begun by whoever sends photos, kept for a while, found after a restart."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter
from datetime import timedelta
from pathlib import Path

import anyio.to_thread

from packshot.counting import counted
from packshot.errors import OutputError
from packshot.service.batches.batch import Batch
from packshot.service.batches.folder import BatchFolder, batch_folders, remove_rest
from packshot.service.batches.naming import called_by_senders
from packshot.service.batches.record import BatchRecord, BatchState, read_batch
from packshot.service.batches.running import BatchRunner
from packshot.service.metrics import Metrics
from packshot.service.refusal import Refusal
from packshot.service.settings import ServiceSettings
from packshot.service.webhooks.hook import Hook
from packshot.storage.times import utc_now

__all__ = ["Batches"]

_SWEEP_S = 60.0  # between looks for what is too old


class Batches:
    """Made, filled, begun and removed in the event loop; files are written in threads.

    Args:
        serving: where they are kept, how long, and how large they may be.
        runner: runs those that have begun.
        metrics: where they are counted.
    """

    def __init__(self, serving: ServiceSettings, runner: BatchRunner, metrics: Metrics) -> None:
        self._serving, self._runner, self._metrics = serving, runner, metrics
        self._root = None if serving.state is None else serving.state.resolve() / "jobs"
        self._batches: dict[str, Batch] = {}
        self._sweeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Go on with what an earlier process left, and begin."""
        if self._root is None:
            return
        self._root.mkdir(parents=True, exist_ok=True)
        remove_rest(self._root)
        found = [(read_batch(path), path) for path in batch_folders(self._root)]
        for record, path in sorted(
            ((record, path) for record, path in found if record is not None), key=lambda one: one[0].created
        ):
            batch = self._batches[record.id] = Batch(record, BatchFolder(path))
            if record.state in {BatchState.QUEUED, BatchState.RUNNING}:
                self._runner.queue(batch)
            elif record.hook is not None and record.hook.due is not None:
                self._runner.tell_sender(batch)
        self._runner.start()
        self._sweeping = asyncio.ensure_future(self._sweep())

    async def close(self) -> None:
        """Finish the photos in hand; what is left is done after the next start."""
        await self._runner.close(self._batches.values())
        if self._sweeping is not None:
            self._sweeping.cancel()

    def observe(self) -> None:
        """Write the number of jobs into the metrics."""
        states = Counter(batch.record.state for batch in self._batches.values())
        for state in BatchState:
            self._metrics.jobs.labels(state.value).set(states[state])

    def out(self, id_: str, owner: str | None) -> Path | None:
        """The output folder of a key's batch that has run; None where there is none, or it is somebody else's."""
        batch = self._batches.get(id_)
        if batch is None or batch.record.owner != owner or batch.record.started is None:
            return None
        return batch.folder.out

    def called(self, text: str) -> str:
        """See `packshot.service.batches.naming.called_by_senders`; for the photos of all batches."""
        return text if self._root is None else called_by_senders(text, self._root, self._names)

    def of(self, owner: str | None) -> list[Batch]:
        """Those of a key, the newest first."""
        mine = [batch for batch in self._batches.values() if batch.record.owner == owner]
        return sorted(mine, key=lambda batch: batch.record.created, reverse=True)

    def one(self, id_: str, owner: str | None) -> Batch:
        """A batch.

        Raises:
            Refusal: 404, there is none, or it is somebody else's; 501, this service keeps nothing.
        """
        self._require_state()
        batch = self._batches.get(id_)
        if batch is None or batch.record.owner != owner:
            raise Refusal(404, "unknown_job", "there is no such job", "see /v1/jobs")
        return batch

    async def make(
        self, owner: str | None, profiles: tuple[str, ...], hook: str | None, *, into_bucket: bool = False
    ) -> Batch:
        """A new one, without photos.

        Raises:
            Refusal: 501, this service keeps nothing; 409, there are too many; 400, it has no bucket.
        """
        root = self._require_state()
        if into_bucket and self._serving.results is None:
            raise Refusal(400, "no_bucket", "this service puts no results into a bucket", "start it with --results URI")
        if sum(not batch.record.state.ended for batch in self.of(owner)) >= self._serving.jobs:
            raise Refusal(
                409,
                "too_many_jobs",
                f"{counted(self._serving.jobs, 'job has', 'jobs have')} not ended",
                "wait, or delete one",
            )
        id_ = secrets.token_hex(16)
        record = BatchRecord(
            id=id_,
            owner=owner,
            state=BatchState.OPEN,
            profiles=profiles,
            created=utc_now(),
            hook=None if hook is None else Hook(url=hook),
            results=f"{str(self._serving.results).rstrip('/')}/{id_}" if into_bucket else None,
        )
        batch = Batch(record, BatchFolder(root / id_))
        await anyio.to_thread.run_sync(record.write, batch.folder.path)
        self._batches[id_] = batch
        return batch

    async def add(self, batch: Batch, name: str, photo: bytes) -> int:
        """Another photo; gives its number. It counts once its file and the record are on the disk.

        Args:
            batch: that it belongs to.
            name: what its results are called; empty for one that follows from its number.
            photo: its file.

        Raises:
            Refusal: 409, it has begun, or has too many photos; 413, they are too large.
            OutputError: it could not be written, and is no part of the job.
        """
        async with batch.filling:
            return await self._add(batch, name, photo)

    async def _add(self, batch: Batch, name: str, photo: bytes) -> int:
        self._require(batch, BatchState.OPEN)
        if len(batch.record.names) >= self._serving.job_photos:
            raise Refusal(409, "too_many_photos", f"a job has at most {self._serving.job_photos}", "make another job")
        total = batch.record.photo_bytes + len(photo)
        if total > self._serving.job_megabytes * 1e6:
            raise Refusal(413, "job_too_large", f"more than {self._serving.job_megabytes:g} MB", "make another job")
        number = len(batch.record.names) + 1
        await anyio.to_thread.run_sync(batch.folder.write_photo, number, photo)
        before = {"names": batch.record.names, "photo_bytes": batch.record.photo_bytes}
        batch.change(names=(*batch.record.names, name or f"photo-{number}"), photo_bytes=total)
        try:
            await batch.keep()
        except BaseException:
            batch.change(**before)  # its number is the next photo's, whose file takes the place of this one
            raise
        return number

    async def begin(self, batch: Batch) -> None:
        """Let it run when its turn comes, with the photo that is being written.

        Raises:
            Refusal: 409, it has begun, or has no photo.
            OutputError: it could not be written, and has not begun.
        """
        async with batch.filling:
            self._require(batch, BatchState.OPEN)
            if not batch.record.names:
                raise Refusal(409, "no_photos", "the job has no photo yet", "send some first")
            try:
                await batch.turn(BatchState.QUEUED)
            except OutputError:
                batch.change(state=BatchState.OPEN)
                raise
            self._runner.queue(batch)

    async def cancel(self, batch: Batch) -> None:
        """Stop it; the photos in hand are finished.

        Raises:
            Refusal: 409, it has ended.
        """
        if batch.record.state.ended:
            raise Refusal(409, "job_ended", f"the job is {batch.record.state}", "delete it")
        batch.stop = True
        async with batch.filling:
            if batch.record.state in {BatchState.OPEN, BatchState.QUEUED}:
                await self._runner.end(batch, BatchState.CANCELLED)
        if batch.record.state is BatchState.RUNNING:
            await batch.over.wait()

    async def remove(self, batch: Batch) -> None:
        """Stop it and remove all that was sent and made.

        Raises:
            OutputError: it could not be removed, and is still there.
        """
        if not batch.record.state.ended:
            await self.cancel(batch)
        await anyio.to_thread.run_sync(batch.folder.remove)
        batch.removed = True
        self._batches.pop(batch.record.id, None)

    async def _sweep(self) -> None:
        while True:
            oldest = utc_now() - timedelta(hours=self._serving.keep_hours)
            for batch in list(self._batches.values()):
                record = batch.record
                idle = record.ended or (record.created if record.state is BatchState.OPEN else None)
                if idle is not None and idle < oldest:
                    with contextlib.suppress(OutputError):  # tried again
                        await self.remove(batch)
            if self._root is not None:
                await anyio.to_thread.run_sync(remove_rest, self._root)
            await asyncio.sleep(_SWEEP_S)

    def _names(self, id_: str) -> tuple[str, ...]:
        return self._batches[id_].record.names if id_ in self._batches else ()

    def _require(self, batch: Batch, state: BatchState) -> None:
        if batch.record.state is not state:
            raise Refusal(409, "job_begun", f"the job is {batch.record.state}", "make another job")

    def _require_state(self) -> Path:
        if self._root is None:
            raise Refusal(501, "keeps_nothing", "this service keeps nothing", "start it with --state FOLDER")
        return self._root
