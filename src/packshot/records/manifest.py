"""``manifest.jsonl``: one line per input, in the order of the sources."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from packshot.records.record import Record
from packshot.records.versions import read_record
from packshot.storage.atomic import atomic_file
from packshot.storage.lock import STATE_FOLDER

__all__ = ["MANIFEST", "is_run_folder", "read_manifest", "write_manifest"]

#: Name of the file in an output folder.
MANIFEST = "manifest.jsonl"


def is_run_folder(folder: Path) -> bool:
    """Whether a run wrote its results there."""
    return (folder / STATE_FOLDER).is_dir() and (folder / MANIFEST).is_file()


def write_manifest(path: Path, records: Iterable[Record]) -> None:
    """Write all lines, whole or not at all.

    Raises:
        OutputError: it could not be written; an older manifest stays as it was.
    """
    with atomic_file(path) as file:
        for record in records:
            file.write(record.to_json().encode("ascii") + b"\n")


def read_manifest(path: Path) -> Iterator[Record]:
    """The lines of a manifest, also of earlier versions; a torn last line is left out.

    Raises:
        OSError: it cannot be read.
        UsageError: a newer packshot wrote it.
        ValueError: a line is no record; says which.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                row = json.loads(line, parse_constant=_refuse)
            except (ValueError, RecursionError) as error:
                raise ValueError(f"line {number} is no JSON: {error}") from error
            try:
                yield read_record(row)
            except ValueError as error:
                raise ValueError(f"line {number}: no record of `packshot run` ({error})") from error


def _refuse(name: str) -> None:
    """NaN and Infinity, which Python reads and JSON has not: a record with them could not be written again."""
    raise ValueError(f"{name} is no number")
