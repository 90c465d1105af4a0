"""Where in a batch's journal the line of each photo stands: a job's pictures are asked for one by one."""

from __future__ import annotations

import itertools
import json
import os
import threading
from pathlib import Path
from typing import BinaryIO

from packshot.batch.journal import Entry
from packshot.records import Record
from packshot.storage.lock import STATE_FOLDER

__all__ = ["JournalPlaces"]


class JournalPlaces:
    """Places of lines, by the number of their photo; a line of the journal is looked at once, and validated when asked.

    Args:
        out: the output folder of the batch, which a run may be writing.
    """

    def __init__(self, out: Path) -> None:
        self._path = out / STATE_FOLDER / "journal.jsonl"
        self._lock = threading.Lock()
        self._places: dict[int, int] = {}
        self._file: tuple[int, int] | None = None
        self._end = 0

    def records(self, *, after: int = 0, count: int | None = None) -> list[tuple[int, Record]]:
        """Photos that were tried so far, in their order, each with its last line; damaged lines are passed over.

        Args:
            after: number of the last photo that is not wanted.
            count: of photos at most; None for all.

        Raises:
            OSError: there is no journal, or it cannot be read.
            UsageError: a newer packshot wrote it.
        """
        with self._lock, self._path.open("rb") as file:
            self._read_on(file)
            found = ((number, self._at(file, number)) for number in sorted(self._places) if number > after)
            whole = ((number, record) for number, record in found if record is not None)
            return list(itertools.islice(whole, count))

    def record(self, number: int) -> Record | None:
        """The last line of a photo; None where there is none, or it is damaged.

        Raises:
            OSError: there is no journal, or it cannot be read.
            UsageError: a newer packshot wrote it.
        """
        with self._lock, self._path.open("rb") as file:
            self._read_on(file)
            return self._at(file, number) if number in self._places else None

    def _at(self, file: BinaryIO, number: int) -> Record | None:
        file.seek(self._places[number])
        try:
            return Entry.of_row(json.loads(file.readline())).record
        except ValueError:
            return None

    def _read_on(self, file: BinaryIO) -> None:
        status = os.fstat(file.fileno())
        if (status.st_dev, status.st_ino) != self._file or status.st_size < self._end:  # it was written anew
            self._places, self._file, self._end = {}, (status.st_dev, status.st_ino), 0
        file.seek(self._end)
        for line in file:
            if not line.endswith(b"\n"):  # it is being written
                break
            number = _number(line)
            if number is not None:
                self._places[number] = self._end
            self._end += len(line)


def _number(line: bytes) -> int | None:
    """Of the photo that a line is about: photos of batches are called by their number alone."""
    try:
        return int(json.loads(line)["stem"])
    except (ValueError, KeyError, TypeError):
        return None
