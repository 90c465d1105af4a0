"""What is already done in an output folder: one appended line per finished input.

The journal is the memory between runs, the manifest its tidy excerpt. It is only ever appended to while a run
lasts, so a killed run loses at most the line it was writing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from packshot.batch.manifest import Record
from packshot.batch.sources import STATE_FOLDER
from packshot.durable.atomic import atomic_file, output_error

__all__ = ["Entry", "Journal"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One finished input.

    Attributes:
        stem: where its results lie: the relative path without folder and suffix.
        path: absolute path of the input.
        key: of the input's content and what was made of it (`packshot.batch.resume.resume_key`); None is
            never taken as done.
        size: of the input, in bytes; None if it could not be read.
        outputs: path below the output folder to SHA-256, of every file written.
        record: its line of the manifest.
    """

    stem: str
    path: str
    key: str | None
    size: int | None
    record: Record
    outputs: dict[str, str] = field(default_factory=dict)


class Journal:
    """Entries on disk, found by stem; memory holds only where each line starts.

    Args:
        out: the output folder, which the caller holds locked.

    Raises:
        OutputError: it cannot be opened or written.
    """

    def __init__(self, out: Path) -> None:
        self._path = out / STATE_FOLDER / "journal.jsonl"
        self._places: dict[str, int] = {}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a+b")
            self._index()
        except OSError as error:
            raise output_error(self._path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def _index(self) -> None:
        self._file.seek(0)
        end = 0
        for line in self._file:
            start, end = end, end + len(line)
            try:
                self._places[json.loads(line)["stem"]] = start
            except (ValueError, KeyError, TypeError):
                continue
            if not line.endswith(b"\n"):
                del self._places[json.loads(line)["stem"]]
        # A line torn by a killed run ends here, so that the next one starts afresh.
        self._file.seek(0, 2)
        if end and line[-1:] != b"\n":
            self._file.write(b"\n")
            self._file.flush()

    def get(self, stem: str) -> Entry | None:
        """The last entry of a stem, or None."""
        place = self._places.get(stem)
        if place is None:
            return None
        self._file.seek(place)
        return Entry(**json.loads(self._file.readline()))

    def append(self, entry: Entry) -> None:
        """Remember a finished input; it is known to later runs even if this one is killed right after.

        Raises:
            OutputError: it could not be written.
        """
        try:
            self._file.seek(0, 2)
            place = self._file.tell()
            self._file.write(json.dumps(asdict(entry), allow_nan=False).encode("ascii") + b"\n")
            self._file.flush()
        except OSError as error:
            raise output_error(self._path, error) from error
        self._places[entry.stem] = place

    def compact(self, first: Iterable[str]) -> None:
        """Rewrite the journal without superseded lines: `first` in their order, then all other stems.

        Raises:
            OutputError: it could not be written; the old journal stays.
        """
        stems = dict.fromkeys([*first, *sorted(self._places)])
        with atomic_file(self._path) as file:
            for stem in stems:
                entry = self.get(stem)
                if entry is not None:
                    file.write(json.dumps(asdict(entry), allow_nan=False).encode("ascii") + b"\n")
            self._file.close()  # before it is replaced: Windows does not replace an open file
        try:
            self._file = self._path.open("a+b")
        except OSError as error:
            raise output_error(self._path, error) from error
        self._places.clear()
        self._index()
