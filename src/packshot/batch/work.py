"""What a worker does with one input: skip it, make missing pictures from its cut-out, or process it from the start."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.batch.deciding import NOTHING, Corrections, found_before, frame_of, mask_of
from packshot.batch.isolation import unforeseen
from packshot.batch.journal import Entry, Made
from packshot.batch.kept_cutout import kept_cutout
from packshot.batch.outputs import (
    discard_outputs,
    discard_pictures,
    shadow_path,
    write_outputs,
    write_picture,
)
from packshot.batch.record import packshot_record, record_of, with_packshots
from packshot.batch.resume import is_done, is_made, picture_key, resume_key, sha256_of_file
from packshot.batch.run_options import PhotoProcessing
from packshot.batch.task import Outcome, Task
from packshot.decisions import Correction
from packshot.errors import OutputError, PackshotError, UsageError
from packshot.records import CorrectedRecord, Record
from packshot.storage.atomic import ends_the_run
from packshot.values import Status

if TYPE_CHECKING:
    from packshot.result import Result
    from packshot.values import ProfileResult

__all__ = ["PhotoWork", "failed_entry"]

_MAX_HASHED_BYTES = 200_000_000  # a refused file above it costs less to refuse again than to read


class PhotoWork:
    """Processes one task after another with one pipeline.

    Args:
        processing: how one photo becomes results; its pipeline is made here, in the process that does the work.
        out: the output folder.
        corrections: what persons corrected.
    """

    def __init__(
        self,
        processing: PhotoProcessing,
        out: Path,
        *,
        corrections: Corrections | None = None,
    ) -> None:
        self._processing, self._pipeline = processing, processing.make_pipeline()
        self._out = out
        self._corrections = corrections or Corrections()

    def __call__(self, task: Task) -> Outcome:
        """Process one input.

        Raises:
            OutputError: results cannot be written, of this input or of any other.
            UsageError: the pipeline is for other profiles than the run.
        """
        path = Path(task.source)
        if set(task.targets) != set(self._pipeline.profiles):
            raise UsageError(
                f"the pipeline makes pictures for {', '.join(self._pipeline.profiles)}, the run was told of "
                f"{', '.join(task.targets)}",
                remedy="name the pipeline's profiles: PhotoProcessing(make_pipeline, profiles=[...])",
            )
        try:
            done = task.earlier is not None and self._is_done(task.earlier, path)
            completed = self._complete(_named(task.earlier, task), task) if task.earlier and done else None
            return completed or self._process(task, path)
        except OutputError as error:
            if ends_the_run(error):
                raise
            return Outcome(failed_entry(task, error, self._out))
        except Exception as error:  # one photo's surprise must not take the batch along
            return Outcome(failed_entry(task, unforeseen(error), self._out))

    def _process(self, task: Task, path: Path) -> Outcome:
        size = path.stat().st_size if path.is_file() else None
        wanted, found = self._wanted(task, path, size)
        request, frame = mask_of(wanted, self._out, found=found, shadow=_shadow_of(task, found)), frame_of(wanted)
        result = self._pipeline.run(path, name=task.shown, mask_request=request, known_frame=frame)
        started = time.perf_counter()
        identity = self._identity(result)
        sha256 = result.sha256
        if sha256 is None and size is not None and size <= _MAX_HASHED_BYTES:
            with contextlib.suppress(OSError):
                sha256 = sha256_of_file(path)  # refused before it was read: known again all the same
        # Where no profile's picture could be made, another profile's may.
        all_failed = result.status is Status.FAILED and result.cutout is not None
        of_result = self._pipeline.fingerprint if all_failed else self._pipeline.cutout_fingerprint
        key = None if sha256 is None else resume_key(sha256, of_result, corrected=wanted.key)
        if result.status is Status.FAILED and wanted.key is not None:
            key = None  # what a decision names may have been lost, and be restored
        written = write_outputs(result, task.stem, self._out, fingerprint=identity.fingerprint)
        cutout = written.hashes.get(written.files.get("cutout", ""), "")
        made = {} if result.status is Status.FAILED else self._write(result.packshots, task, key or "", cutout)
        record = record_of(
            task.shown,
            result,
            files=written.files,
            packshots={name: made[name].record for name in task.targets if name in made},
            heatmaps=written.heatmaps,
            pixel_hash=identity.pixels,
        )
        timings = {**record.timings_ms, "write": round((time.perf_counter() - started) * 1000, 1)}
        corrected = _corrected(wanted, result, written.files.get("found"))
        known = {"sha256": sha256, "timings_ms": timings, "sku": task.sku, "view": task.view, "corrected": corrected}
        record = record.model_copy(update=known)
        made = self._of_others(task, record) | made
        entry = Entry(task.stem, _absolute(task.source), key, size, record, written.hashes, made)
        self._discard(task, keep=entry.files)
        return Outcome(entry, sketch=identity.sketch)

    def _is_done(self, entry: Entry, path: Path) -> bool:
        """Whether what is done once for a photo is done."""
        failed = entry.record.status is Status.FAILED
        prints = [self._pipeline.cutout_fingerprint, *([self._pipeline.fingerprint] if failed else [])]
        return any(is_done(entry, path, self._out, each, self._corrections) for each in prints)

    def _wanted(self, task: Task, path: Path, size: int | None) -> tuple[Correction, str | None]:
        """What persons corrected of a photo; and the mask file that would be found again, if it is there."""
        if not self._corrections.by_content or size is None:
            return NOTHING, None
        with contextlib.suppress(OSError):
            sha256 = sha256_of_file(path)
            wanted = self._corrections.of(sha256)
            return wanted, self._found_before(task.earlier, sha256, wanted)
        return NOTHING, None

    def _found_before(self, entry: Entry | None, sha256: str, wanted: Correction) -> str | None:
        """The mask file that an earlier run left and this one would find again, before it is corrected.

        Raises:
            OSError: it cannot be read.
        """
        if entry is None or wanted.mask is None:
            return None
        before = entry.record.corrected
        made_with = None if before is None else before.key
        same = resume_key(sha256, self._pipeline.cutout_fingerprint, corrected=made_with) == entry.key
        file, found_with = found_before(entry.record)
        if not same or file is None or found_with != wanted.found_with:
            return None
        shadow = shadow_path(entry.stem)
        files = [file, *([shadow] if shadow in entry.outputs else [])]
        whole = all(sha256_of_file(self._out / each) == entry.outputs.get(each) for each in files)
        return file if whole else None

    def _complete(self, entry: Entry, task: Task) -> Outcome | None:
        """The entry with a picture for each profile, made where it is missing; None if it takes more than a cut-out."""
        file = entry.record.cutout
        if file is None:
            return Outcome(entry, resumed=True)
        sha256 = entry.outputs[file]
        missing = [
            name
            for name, target in task.targets.items()
            if not is_made(
                entry.packshots.get(name), self._out, key=self._key(entry.key, sha256, name), target=target.picture
            )
        ]
        made: dict[str, Made] = {}
        timings = dict(entry.record.timings_ms)
        if missing:
            cutout = kept_cutout(entry, self._out)
            if cutout is None:
                return None
            started = time.perf_counter()
            made = self._write(self._pipeline.compose(cutout, missing), task, entry.key or "", sha256)
            spent = (time.perf_counter() - started) * 1000
            timings["composition"] = round(timings.get("composition", 0.0) + spent, 1)
        packshots = entry.packshots | made
        record = with_packshots(entry.record, {name: packshots[name].record for name in task.targets})
        done = replace(entry, record=record.model_copy(update={"timings_ms": timings}), packshots=packshots)
        if missing:
            targets = {name: task.targets[name] for name in missing}
            before = [file for name in missing if name in entry.packshots for file in entry.packshots[name].outputs]
            discard_pictures(self._out, targets.values(), others=before, keep=done.files)
        return Outcome(done, resumed=not missing)

    def _write(self, pictures: Mapping[str, ProfileResult], task: Task, key: str, cutout: str) -> dict[str, Made]:
        """Write pictures; by the names of their profiles."""
        made = {}
        for name, picture in pictures.items():
            file: str | None = None
            hashes: dict[str, str] = {}
            if picture.packshot is not None:
                file, hashes = write_picture(picture.packshot, task.targets[name], self._out)
            made[name] = Made(self._key(key, cutout, name), packshot_record(picture, file), hashes)
        return made

    def _of_others(self, task: Task, record: Record) -> dict[str, Made]:
        """What was made of the same photo for profiles that are not asked for now: it stays, outdated or not."""
        before = task.earlier
        if before is None or record.status is Status.FAILED or before.record.sha256 != record.sha256:
            return {}
        return {name: made for name, made in before.packshots.items() if name not in task.targets}

    def _key(self, photo: str | None, cutout: str, profile: str) -> str:
        return picture_key(photo or "", cutout, self._pipeline.fingerprint_of(profile))

    def _discard(self, task: Task, *, keep: Container[str]) -> None:
        discard_outputs(task.stem, self._out, targets=task.targets.values(), others=task.known_files, keep=keep)

    def _identity(self, result: Result) -> _Identity:
        """What tells a photo from others, made here, where its pixels are at hand; nothing of a failed one."""
        if result.photo is None or result.status is Status.FAILED:
            return _Identity()
        from packshot.duplicates import Sketch, fingerprint_bytes, fingerprint_of, pixel_hash  # noqa: PLC0415  # only workers

        asked = self._processing
        if not asked.fingerprints and not asked.sketches:
            return _Identity(pixel_hash(result.photo.rgb))
        fingerprint = fingerprint_of(result.photo.rgb)
        kept = fingerprint_bytes(fingerprint) if asked.fingerprints else None
        return _Identity(fingerprint.pixels, kept, Sketch.of(fingerprint).text() if asked.sketches else None)


@dataclass(frozen=True, slots=True)
class _Identity:
    """Pixel hash, fingerprint as a file and sketch of a photo."""

    pixels: str | None = None
    fingerprint: bytes | None = None
    sketch: str | None = None


def failed_entry(task: Task, error: PackshotError, out: Path, *, attempts: int = 1) -> Entry:
    """The entry of an input there is no result for; what an earlier one left is removed.

    Raises:
        OutputError: an earlier result cannot be removed.
    """
    discard_outputs(task.stem, out, targets=task.targets.values(), others=task.known_files)
    record = Record.failed(task.shown, error, attempts=attempts).model_copy(update={"sku": task.sku, "view": task.view})
    return Entry(task.stem, _absolute(task.source), None, None, record)


def _corrected(wanted: Correction, result: Result, found: str | None) -> CorrectedRecord | None:
    """What persons' decisions changed about the pictures of a photo."""
    if wanted.key is None:
        return None
    return CorrectedRecord(key=wanted.key, mask=result.corrected, found=found, found_with=wanted.found_with)


def _shadow_of(task: Task, found: str | None) -> str | None:
    """The file of the shadow that was found with a mask file, where there was one."""
    shadow = shadow_path(task.stem)
    known = found is not None and task.earlier is not None and shadow in task.earlier.outputs
    return shadow if known else None


def _named(entry: Entry, task: Task) -> Entry:
    """The earlier entry under the name the input has now: the folder may have moved, the SKU may be another."""
    known = {"source": task.source, "sku": task.sku, "view": task.view}
    return replace(entry, path=_absolute(task.source), record=entry.record.model_copy(update=known))


def _absolute(source: str) -> str:
    return str(Path(source).absolute())
