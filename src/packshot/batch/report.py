"""``report.html``: what became of every photo, for the person who has to publish them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from packshot.batch.orphans import Orphan
from packshot.batch.outputs import thumbnail_path
from packshot.records import Record
from packshot.web.run_report import write_run_report

__all__ = ["write_report"]


def write_report(
    path: Path,
    photos: Sequence[tuple[str, Record]],
    *,
    total: int,
    profiles: Mapping[str, str] | None = None,
    orphans: Sequence[Orphan] = (),
) -> None:
    """Write a run's report, whole or not at all; see `packshot.web.run_report.write_run_report`."""
    gone = [(orphan.source, orphan.files) for orphan in orphans]
    write_run_report(path, photos, total=total, thumbnail_path=thumbnail_path, profiles=profiles or {}, gone=gone)
