"""What a run has found and made so far: while it goes on, after it was killed, and when it is done.

The manifest is written at a run's end. Until then the journal knows each finished photo, and ``.packshot/run.json``
which photos the run is of.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packshot.batch.journal import Entry
from packshot.errors import UsageError
from packshot.records import MANIFEST, Record, read_manifest
from packshot.storage.atomic import write_atomic
from packshot.storage.lock import STATE_FOLDER

__all__ = ["RunFile", "Typed", "keep_run", "last_results", "results_so_far", "stamp_of_results"]

_RUN = f"{STATE_FOLDER}/run.json"
_JOURNAL = f"{STATE_FOLDER}/journal.jsonl"
_TAIL = 262_144  # bytes of a journal in which the last photos are looked for


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as it was typed.

    Attributes:
        options: its parameters, plain JSON values.
        folder: where it was typed.
    """

    options: Mapping[str, Any]
    folder: str


@dataclass(frozen=True, slots=True)
class RunFile:
    """What the last run was asked for.

    Attributes:
        stems: of all its photos, in the order of the sources.
        typed: the command; None where the run was started from Python.
    """

    stems: tuple[str, ...]
    typed: Typed | None = None

    def write(self, out: Path) -> None:
        """Keep it in the output folder, which the caller holds locked; nothing is written where it says so already.

        Raises:
            OutputError: it could not be written.
        """
        typed = None if self.typed is None else {"options": self.typed.options, "folder": self.typed.folder}
        text = json.dumps({"version": 1, "stems": self.stems, "typed": typed}).encode("ascii") + b"\n"
        with contextlib.suppress(OSError):
            if (out / _RUN).read_bytes() == text:
                return
        write_atomic(out / _RUN, text)

    @classmethod
    def read(cls, out: Path) -> RunFile | None:
        """What an output folder holds; None where no run wrote it, or it is damaged: the next run writes it anew."""
        try:
            row = json.loads((out / _RUN).read_bytes())
            typed = row["typed"] and Typed(dict(row["typed"]["options"]), str(row["typed"]["folder"]))
            return cls(tuple(map(str, row["stems"])), typed)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None


def keep_run(out: Path, stems: Sequence[str]) -> list[str]:
    """The photos of the last run, which another one that only obeys decisions does not change."""
    run = RunFile.read(out)
    return list(stems) if run is None else list(run.stems)


def results_so_far(out: Path) -> Iterator[Record]:
    """A line for each photo of the last run that is finished, in the order of the sources, as the run made it.

    What persons decided is not in it. Takes no lock, also while a run goes on. A folder whose ``.packshot`` is gone, or
    of an earlier version, is read by its manifest.

    Raises:
        OSError: neither can be read.
        UsageError: a newer packshot wrote it.
        ValueError: a line of the manifest is no record; says which.
    """
    run = RunFile.read(out)
    entries = {} if run is None else _entries(out)
    if run is None or not entries:
        yield from read_manifest(out / MANIFEST)
        return
    for stem in run.stems:
        if stem in entries:
            yield entries[stem].record


def last_results(out: Path, count: int) -> list[Record]:
    """The photos that were finished last, the newest first; fewer than `count` where the end of the journal has fewer.

    Args:
        out: the output folder.
        count: of photos, at most.
    """
    try:
        with (out / _JOURNAL).open("rb") as file:
            file.seek(0, os.SEEK_END)
            begin = max(0, file.tell() - _TAIL)
            file.seek(begin)
            lines = file.read().split(b"\n")[1 if begin else 0 : -1]  # whole ones
    except OSError:
        return []
    found: dict[str, Record] = {}
    for line in reversed(lines):
        try:
            entry = Entry.of_row(json.loads(line))
        except (ValueError, KeyError, TypeError, UsageError):
            continue
        found.setdefault(entry.stem, entry.record)
        if len(found) == count:
            break
    return list(found.values())


def stamp_of_results(out: Path) -> tuple[tuple[int, int] | None, ...]:
    """What changes with the results."""
    return tuple(_stamp(out / name) for name in (MANIFEST, _RUN, _JOURNAL))


def _entries(out: Path) -> dict[str, Entry]:
    """The last whole line of each photo; damaged ones are passed over, for their photos are done again."""
    lines: dict[str, dict[str, Any]] = {}
    try:
        with (out / _JOURNAL).open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    try:
                        row = json.loads(line)
                        lines[row["stem"]] = row
                    except (ValueError, KeyError, TypeError):
                        continue
    except OSError:
        return {}
    entries = {}
    for stem, row in lines.items():
        try:
            entries[stem] = Entry.of_row(row)
        except UsageError:
            raise
        except ValueError:
            continue
    return entries


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
