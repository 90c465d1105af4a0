"""What a worker does with one input: skip it, or process it and write its results."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.batch.isolation import unforeseen
from packshot.batch.journal import Entry
from packshot.batch.outputs import discard_outputs, write_outputs
from packshot.batch.record import record_of
from packshot.batch.resume import is_done, resume_key, sha256_of_file
from packshot.errors import OutputError, PackshotError
from packshot.records import Record
from packshot.storage.atomic import ends_the_run
from packshot.values import Status

if TYPE_CHECKING:
    from packshot.pipeline import Pipeline
    from packshot.result import Result

__all__ = ["Outcome", "PhotoWork", "Task", "failed_entry"]

_MAX_HASHED_BYTES = 200_000_000  # a refused file above it costs less to refuse again than to read


@dataclass(frozen=True, slots=True)
class Task:
    """One input to do; small, for it travels to a worker process.

    Attributes:
        source: the input as it was named.
        stem: where its results go, a relative path without suffix.
        earlier: what an earlier run wrote there.
        heatmaps: of that stem, which lie there already (paths below the output folder).
    """

    source: str
    stem: str
    earlier: Entry | None = None
    heatmaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input; no pixels, for it travels back from a worker process.

    Attributes:
        entry: for the journal.
        resumed: whether an earlier run had done it already.
    """

    entry: Entry
    resumed: bool = False


class PhotoWork:
    """Processes one task after another with one pipeline.

    Args:
        make_pipeline: called once, in the process that does the work.
        out: the output folder.
        fingerprints: whether to keep each photo's fingerprint, by which a catalogue finds duplicates.
    """

    def __init__(self, make_pipeline: Callable[[], Pipeline], out: Path, *, fingerprints: bool = False) -> None:
        self._pipeline = make_pipeline()
        self._out = out
        self._fingerprints = fingerprints

    def __call__(self, task: Task) -> Outcome:
        """Process one input.

        Raises:
            OutputError: results cannot be written, of this input or of any other.
        """
        path = Path(task.source)
        if task.earlier is not None and is_done(task.earlier, path, self._out, self._pipeline.fingerprint):
            return Outcome(_named(task.earlier, task), resumed=True)
        try:
            return self._process(task, path)
        except OutputError as error:
            if ends_the_run(error):
                raise
            return Outcome(failed_entry(task, error, self._out))
        except Exception as error:  # one photo's surprise must not take the batch along
            return Outcome(failed_entry(task, unforeseen(error), self._out))

    def _process(self, task: Task, path: Path) -> Outcome:
        size = path.stat().st_size if path.is_file() else None
        result = self._pipeline.run(path, name=task.source)
        started = time.perf_counter()
        pixels, fingerprint = self._identity(result)
        written = write_outputs(result, task.stem, self._out, heatmaps=task.heatmaps, fingerprint=fingerprint)
        record = record_of(task.source, result, files=written.files, heatmaps=written.heatmaps, pixel_hash=pixels)
        sha256 = result.sha256
        if sha256 is None and size is not None and size <= _MAX_HASHED_BYTES:
            with contextlib.suppress(OSError):
                sha256 = sha256_of_file(path)  # refused before it was read: known again all the same
        timings = {**record.timings_ms, "write": round((time.perf_counter() - started) * 1000, 1)}
        record = record.model_copy(update={"sha256": sha256, "timings_ms": timings})
        key = None if sha256 is None else resume_key(sha256, self._pipeline.fingerprint)
        return Outcome(Entry(task.stem, _absolute(task.source), key, size, record, written.hashes))

    def _identity(self, result: Result) -> tuple[str | None, bytes | None]:
        """Pixel hash and fingerprint of a photo, made here, where its pixels are at hand; None of a failed one."""
        if result.photo is None or result.status is Status.FAILED:
            return None, None
        from packshot.duplicates import fingerprint_bytes, fingerprint_of, pixel_hash  # noqa: PLC0415  # only workers

        if not self._fingerprints:
            return pixel_hash(result.photo.rgb), None
        fingerprint = fingerprint_of(result.photo.rgb)
        return fingerprint.pixels, fingerprint_bytes(fingerprint)


def failed_entry(task: Task, error: PackshotError, out: Path) -> Entry:
    """The entry of an input there is no result for; what an earlier one left is removed.

    Raises:
        OutputError: an earlier result cannot be removed.
    """
    discard_outputs(task.stem, out, heatmaps=task.heatmaps)
    return Entry(task.stem, _absolute(task.source), None, None, Record.failed(task.source, error))


def _named(entry: Entry, task: Task) -> Entry:
    """The earlier entry under the name the input has now: the folder may have moved."""
    if entry.record.source == task.source and entry.path == _absolute(task.source):
        return entry
    return replace(entry, path=_absolute(task.source), record=entry.record.model_copy(update={"source": task.source}))


def _absolute(source: str) -> str:
    return str(Path(source).absolute())
