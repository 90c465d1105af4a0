"""``why/``: why each photo was answered as it was, as `packshot explain OUT` writes it and the report shows it.

Beside a line of the manifest, not in it: it is made on request, and only as good as the results it was made of.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import Field, ValidationError

from packshot.records.numeric import BoxCorners
from packshot.records.parts import Part
from packshot.records.record import Record
from packshot.storage import parse_row

__all__ = ["WHY", "ReasonRecord", "SaidRecord", "WhyRecord", "read_why", "why_file", "why_token"]

#: The folder below the output folder.
WHY = "why"


class SaidRecord(Part):
    """What a photo is called, and by which method its map was made."""

    head: str
    name: str
    score: float
    method: str
    warning: str = ""


class ReasonRecord(Part):
    """One piece of evidence against a mask."""

    figure: str
    value: float
    limit: float | None = None
    log_odds: float
    decisive: bool
    words: str
    boxes: tuple[BoxCorners, ...] = ()


class WhyRecord(Part):
    """Why one photo was answered as it was; boxes are in pixels of the photo without its frame."""

    source: str
    token: str
    said: SaidRecord | None = None
    reasons: tuple[ReasonRecord, ...] = ()
    nearest: float | None = None
    pictures: dict[str, str] = Field(default_factory=dict)


def why_file(source: str, kind: str) -> str:
    """Where a photo's explanation lies below the output folder.

    Args:
        source: as the manifest names the photo.
        kind: ending: ``json``, ``said.jpg``, ``review.jpg``.
    """
    return f"{WHY}/{hashlib.sha256(source.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.{kind}"


def why_token(record: Record) -> str:
    """Changes with what a photo's explanation was made of: the photo, its mask, and what persons corrected."""
    corrected = None if record.corrected is None else record.corrected.key
    said = None if record.category is None else [node.id for node in record.category.path]
    seen = [record.sha256, corrected, record.uncertainty, record.ready, list(record.doubts), said]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]


def read_why(out: Path, record: Record) -> WhyRecord | None:
    """A photo's explanation; None where there is none, it cannot be read, or the results changed since."""
    try:
        found = parse_row(WhyRecord, (out / why_file(record.source, "json")).read_bytes())
    except (OSError, ValidationError):
        return None
    return found if found.token == why_token(record) else None
