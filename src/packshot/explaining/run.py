"""Why every photo of a finished run was answered as it was: pictures and evidence in ``OUT/why``, and in its report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packshot.batch.redrawing import redraw_report
from packshot.batch.results import RunFile
from packshot.counting import counted
from packshot.decisions import seen_of
from packshot.errors import NothingToCutOut, PhotoError, UsageError
from packshot.evaluation.photos import Progress, Unreadable
from packshot.explaining.why import Why, WhyAsked
from packshot.frame import crop_to
from packshot.photo import encode
from packshot.records import Record, WhyRecord, is_run_folder, read_why, why_file, why_token
from packshot.review import Review, open_review
from packshot.settings import Settings
from packshot.storage import folder_lock, write_atomic
from packshot.values import Box, Photo

__all__ = ["ExplainedRun", "explain_run", "left_to_explain"]

_QUALITY = 85


@dataclass(frozen=True, slots=True)
class ExplainedRun:
    """What was explained.

    Attributes:
        report: the run's page, drawn anew.
        explained: photos.
        kept: photos that were explained before, and whose results have not changed.
        unreadable: photos that could not be asked about, with the reason.
    """

    report: Path
    explained: int
    kept: int
    unreadable: Sequence[Unreadable]

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "report": str(self.report),
            "explained": self.explained,
            "kept": self.kept,
            "unreadable": [each.name for each in self.unreadable],
        }

    @property
    def words(self) -> str:
        """For a person."""
        before = f" ({self.kept} were before)" if self.kept else ""
        return f"{counted(self.explained, 'photo')} explained{before}: {self.report}"


def left_to_explain(out: Path) -> list[Record]:
    """Photos of a run that have no explanation of what is there now; those that could not be opened are left out.

    Raises:
        UsageError: the manifest is damaged.
    """
    return [
        record for record in open_review(out, Settings()).records if _has_a_why(record) and not read_why(out, record)
    ]


def explain_run(out: Path, settings: Settings, *, progress: Progress | None = None) -> ExplainedRun:
    """Ask why of every photo of a run that was not asked about before, and draw its report anew.

    Args:
        out: the run's output folder.
        settings: the networks; those of the run.
        progress: told of each photo that is asked about.

    Raises:
        UsageError: the folder is of no run, or damaged.
        OutputError: another command holds it, or a file cannot be written.
        ModelError: a network cannot be used.
    """
    if not is_run_folder(out) or RunFile.read(out) is None:
        raise UsageError(f"{out} is no folder of `packshot run`", remedy="name its output folder, or photos and -o")
    with folder_lock(out).hold():
        review, ask = open_review(out, settings), WhyAsked(settings)
        every = [record for record in review.records if _has_a_why(record)]
        todo = [record for record in every if not read_why(out, record)]
        unreadable = []
        for record in todo:
            problem = None
            try:
                _write(out, record, *_asked(review, record, ask))
            except PhotoError as error:
                problem = error
                unreadable.append(Unreadable(record.source, error))
            if progress is not None:
                progress(problem)
        return ExplainedRun(redraw_report(out), len(todo) - len(unreadable), len(every) - len(todo), unreadable)


def _has_a_why(record: Record) -> bool:
    """Whether the photo could be looked at: it was finished, or no product was found in it."""
    return record.error is None or record.error.code == NothingToCutOut.__name__


def _asked(review: Review, record: Record, ask: WhyAsked) -> tuple[Photo, Why]:
    """The photo without its frame, and why."""
    photo, alpha = review.photo(record.source), review.mask(record.source)
    frame = seen_of(record, {}).frame
    if frame is not None and frame.removed and frame.box is not None:
        inside = Box(*frame.box)
        photo = crop_to(photo, inside)
        alpha = None if alpha is None else np.ascontiguousarray(alpha[inside.slices])
    return photo, ask(photo, alpha)


def _write(out: Path, record: Record, photo: Photo, why: Why) -> None:
    """The pictures first: who reads the record finds them."""
    pictures = {}
    for kind, rgb in why.pictures(photo.rgb).items():
        pictures[kind] = why_file(record.source, f"{kind}.jpg")
        write_atomic(out / pictures[kind], encode(rgb, format="JPEG", quality=_QUALITY).data)
    row = WhyRecord(source=record.source, token=why_token(record), pictures=pictures, **why.row())
    write_atomic(out / why_file(record.source, "json"), json.dumps(row.model_dump(mode="json")).encode())
