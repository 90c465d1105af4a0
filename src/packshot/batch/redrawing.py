"""A finished run's report drawn anew, from what lies in its folder: when something was added that it shows."""

from __future__ import annotations

from pathlib import Path

from packshot.batch.journal import Journal
from packshot.batch.orphans import read_orphans
from packshot.batch.profile_folders import profile_folders
from packshot.batch.report import write_report
from packshot.batch.results import RunFile
from packshot.batch.run import REPORT
from packshot.records import MANIFEST, read_manifest

__all__ = ["redraw_report"]


def redraw_report(out: Path) -> Path:
    """Draw a report anew; nothing else is written.

    Args:
        out: the output folder, which the caller holds locked.

    Returns:
        The page.

    Raises:
        OSError: there is no manifest.
        OutputError: the page cannot be written.
        ValueError: a line of the manifest is no record.
    """
    records = {record.source: record for record in read_manifest(out / MANIFEST)}
    run = RunFile.read(out)
    with Journal(out) as journal:
        stems = list(journal) if run is None else list(run.stems)
        entries = [entry for stem in stems if (entry := journal.get(stem)) is not None]
    photos = [(entry.stem, records[entry.record.source]) for entry in entries if entry.record.source in records]
    made = {name for _, record in photos for name in record.packshots}
    profiles = {name: folder for name, folder in profile_folders(out).items() if name in made}
    write_report(out / REPORT, photos, total=len(stems), profiles=profiles, orphans=read_orphans(out))
    return out / REPORT
