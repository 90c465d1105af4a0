"""Open a photo to work on: decode it, find the product, say what it is, and keep what later requests need."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packshot.cutout import MaskRequest
from packshot.errors import NothingToCutOut
from packshot.frame.stage import KnownFrame
from packshot.photo import grey_of
from packshot.pipeline import Source
from packshot.result import Result
from packshot.service.job import Answer
from packshot.service.kept.files import KeptFiles, mask_key
from packshot.service.kept.listing import listing_row
from packshot.service.tools import Tools
from packshot.settings import Subject
from packshot.values import AnyArray, Photo
from packshot.web.run_report.words import DOUBT_FIXES

__all__ = ["OpenJob", "SubjectJob"]


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A photo that came.

    Attributes:
        photo: the file.
        folder: of the kept photo; a path of ours, never of a request.
        subject: what is cut out.
    """

    photo: bytes
    folder: Path
    subject: Subject = Subject.AUTO

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        result = _found(tools, self.photo, self.subject)
        return _kept(tools, result, KeptFiles(self.folder), self.subject, whole=True)


@dataclass(frozen=True, slots=True)
class SubjectJob:
    """Another part of a kept photo is the product.

    Attributes:
        folder: of the kept photo.
        subject: what is cut out.
    """

    folder: Path
    subject: Subject

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        files = KeptFiles(self.folder)
        result = _found(tools, _pixels(files.photo()), self.subject, known_frame=KnownFrame(None))
        return _kept(tools, result, files, self.subject, whole=False)


def _pixels(photo: Photo) -> AnyArray:
    """With its own transparency, which outlines the product where a photo came with one."""
    if photo.alpha is None:
        return photo.rgb
    return np.dstack((photo.rgb, grey_of(photo.alpha)))


def _found(tools: Tools, source: Source, subject: Subject, *, known_frame: KnownFrame | None = None) -> Result:
    """All stages up to the description. A photo without a product is no failure: a person may draw it."""
    request = MaskRequest(subject=subject)
    result = tools.pipeline(("plain",)).run(
        source, name="the photo", until="description", mask_request=request, known_frame=known_frame
    )
    tools.spent(result.timings_ms)
    if not isinstance(result.error, NothingToCutOut) or result.picture is None:
        result.raise_for_status()
    return result


def _kept(tools: Tools, result: Result, files: KeptFiles, subject: Subject, *, whole: bool) -> Answer:
    picture, mask = result.picture, result.mask
    assert picture is not None  # noqa: S101 - an error before it was raised
    with tools.at("keep"):
        if whole:
            files.write_photo(picture)
        key = mask_key(subject, ())
        files.write_mask(key, np.zeros(picture.rgb.shape[:2], np.float32) if mask is None else mask.alpha)
    with tools.at("words"):
        listing = listing_row(result, tools.wording)
    photo = result.photo
    notes = [] if photo is None else [*photo.notes, *filter(None, [photo.damage])]
    row: dict[str, object] = {
        "width": picture.width,
        "height": picture.height,
        "mask": key,
        "subject": subject.value,
        "uncertainty": None if mask is None else mask.uncertainty,
        "doubts": [] if mask is None else list(map(str, mask.doubts)),
        "doubt_words": [] if mask is None else [DOUBT_FIXES[doubt] for doubt in mask.doubts],
        "problem": None if result.error is None else result.error.to_dict(),
        "frame_removed": result.frame_removed,
        "notes": notes,
        "advice": [] if result.findings is None else list(result.findings.advice),
        "listing": listing,
    }
    return Answer(data=row)
