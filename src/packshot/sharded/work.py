"""What a worker does with one photo of a bucket: bring it here, do what a run does, put the results there.

The work itself is that of a run on folders (`packshot.batch.work.PhotoWork`), in a scratch folder; so the results are
the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from packshot.batch.deciding import Corrections
from packshot.batch.naming import clean_part
from packshot.batch.outputs import target_of
from packshot.batch.run_options import PhotoProcessing
from packshot.batch.task import Task
from packshot.batch.work import PhotoWork
from packshot.errors import LimitExceeded, PackshotError, UnreadablePhoto
from packshot.records import Record
from packshot.sharded.decided import bring_masks
from packshot.sharded.entries import PhotoEntry, Row
from packshot.specs import MEDIA_TYPES
from packshot.storage.objects import PhotoReader, open_folder

__all__ = ["ObjectWork", "PhotoTask", "failed_row"]

_PUTS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class PhotoTask:
    """One photo to do; small, for it travels to a worker.

    Attributes:
        shard: its name.
        entry: of the plan.
    """

    shard: str
    entry: PhotoEntry

    @property
    def stem(self) -> str:
        """Differs from that of every other photo."""
        return self.entry.stem


class ObjectWork:
    """Processes one photo after another with one pipeline.

    Args:
        processing: how one photo becomes results; its pipeline is made here, in the process that does the work.
        out: URI of the output folder.
        folders: name of each profile the pipeline makes pictures for to the folder of its pictures.
        scratch: folder on this machine's disk for the photo in hand; by default one of the system's for such things.
        corrections: what persons corrected.
    """

    def __init__(
        self,
        processing: PhotoProcessing,
        out: str,
        folders: Mapping[str, str],
        *,
        scratch: Path | None = None,
        corrections: Corrections | None = None,
    ) -> None:
        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        self._scratch = Path(tempfile.mkdtemp(prefix=f"worker-{os.getpid()}-", dir=scratch))
        self._corrections = corrections or Corrections()
        self._work = PhotoWork(replace(processing, sketches=True), self._scratch / "out", corrections=self._corrections)
        self._out, self._folders = open_folder(out), dict(folders)
        self._photos = PhotoReader(max_bytes=processing.limits.max_file_bytes)
        self._pool = ThreadPoolExecutor(_PUTS_AT_ONCE)

    def __call__(self, task: PhotoTask) -> Row:
        """Process one photo.

        Raises:
            OutputError: results cannot be written, of this photo or of any other.
            StorageError: a bucket cannot be used any more.
        """
        entry = task.entry
        if entry.gone:
            return Row(entry.source, entry.stem, None)
        try:
            data, etag = self._photos.read(entry.source, size=entry.size)
        except PackshotError as error:
            if isinstance(error, (UnreadablePhoto, LimitExceeded)):
                return failed_row(task, error)
            raise
        try:
            return self._process(task, data, etag)
        finally:
            shutil.rmtree(self._scratch / "in", ignore_errors=True)
            shutil.rmtree(self._scratch / "out", ignore_errors=True)

    def _process(self, task: PhotoTask, data: bytes, etag: str | None) -> Row:
        entry = task.entry
        # The name stays: what a photo is called and what it is are compared.
        photo = self._scratch / "in" / clean_part(PurePosixPath(entry.source).name)
        photo.parent.mkdir(parents=True, exist_ok=True)
        photo.write_bytes(data)
        if self._corrections.by_content:
            wanted = self._corrections.of(hashlib.sha256(data).hexdigest())
            bring_masks(wanted, self._out, self._scratch / "out")
        targets = {profile: target_of(entry.stem, folder) for profile, folder in self._folders.items()}
        outcome = self._work(Task(str(photo), entry.stem, targets, name=entry.source))
        made, record = outcome.entry, outcome.entry.record
        list(self._pool.map(self._put, made.files))
        return Row(entry.source, entry.stem, record, made.files, entry.attempts + 1, etag, outcome.sketch)

    def _put(self, path: str) -> None:
        data = (self._scratch / "out" / path).read_bytes()
        self._out.write(path, data, content_type=MEDIA_TYPES.get(PurePosixPath(path).suffix.lower()))


def failed_row(task: PhotoTask, error: PackshotError, *, attempts: int = 1) -> Row:
    """The row of a photo there is no result for."""
    entry, tried = task.entry, task.entry.attempts + attempts
    return Row(entry.source, entry.stem, Record.failed(entry.source, error, attempts=tried), {}, tried)
