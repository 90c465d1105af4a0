"""An append-only log: one JSON object a line, whole or not there, also after a kill.

A line without its end was being written when its process was killed, and was never acknowledged: readers pass over it,
the next writer removes it. What a damaged line within means is for the owner of the log to say. Lines need nothing but
themselves, so the logs of several processes, such as a cluster run's shards, are joined by appending one to the other.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from packshot.closing import Closing
from packshot.errors import UsageError
from packshot.storage.atomic import atomic_file, output_error

__all__ = ["AppendOnlyLog", "parse_row", "read_log"]

_Row = TypeVar("_Row", bound=BaseModel)


def parse_row(model: type[_Row], line: bytes) -> _Row:
    """A line of JSON as a model.

    A file's name that is no UTF-8 stands there as half of a surrogate pair: Python's own JSON writes and reads that,
    pydantic's takes it for damage.

    Args:
        model: of the row.
        line: a JSON object.

    Raises:
        ValidationError: it is no such row.
    """
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        if rb"\ud" not in line:
            raise
        try:
            row = json.loads(line)
        except ValueError:
            raise error from None
        return model.model_validate(row)


def read_log(path: Path, *, header: bytes, remedy: str) -> list[bytes]:
    r"""The whole lines of a log, without its header; nothing if it is not there yet.

    Args:
        path: of the log; somebody may be appending to it.
        header: its first line, with its ``\n``: says whose log it is, and in which version.
        remedy: of the error.

    Raises:
        UsageError: the file begins with something else, or cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})", remedy="check its permissions") from error
    if content != header and header.startswith(content):
        return []  # empty, or killed while it was begun
    _check_header(path, content[: len(header)], header, remedy)
    *lines, last = content[len(header) :].split(b"\n")
    # What follows the last end of line is nothing, or torn; but a line that lacks nothing but its end is whole.
    return [*lines, last] if _is_json(last) else lines


class AppendOnlyLog(Closing):
    r"""A log open for appending; iterating gives each line's place and bytes, and holds one line in memory.

    Args:
        path: of the log, which the caller holds locked; it is made if it is missing.
        header: its first line, with its ``\n``; empty where every line speaks for itself.
        remedy: of the error where another file lies there.

    Raises:
        UsageError: the file is something else; it is left alone.
        OutputError: it cannot be opened or written.
    """

    def __init__(self, path: Path, *, header: bytes = b"", remedy: str = "") -> None:
        self._path = path
        self._header = header
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+b", buffering=0)
        except OSError as error:
            raise output_error(path, error) from error
        try:
            self._mend(remedy)
        except OSError as error:
            self._file.close()
            raise output_error(path, error) from error
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Place and bytes of each line, without its end, in the order they were written."""
        # A file of its own: appending and reading meanwhile do not move it.
        with self._path.open("rb") as file:
            place = file.seek(len(self._header))
            for line in file:
                yield place, line.rstrip(b"\n")
                place += len(line)

    def read(self, place: int) -> bytes:
        """The line at a place, without its end."""
        with self._path.open("rb") as file:
            file.seek(place)
            return file.readline().rstrip(b"\n")

    def append(self, row: Mapping[str, object], *, sync: bool = True) -> int:
        """Write a line; with `sync` it is on the disk when this returns, without it only a power cut can lose it.

        Args:
            row: plain JSON values, and times.
            sync: whether to wait for the disk.

        Returns:
            The line's place.

        Raises:
            OutputError: it could not be written, and is not there.
        """
        return self._write(_line(row), sync=sync)

    def append_all(self, rows: Iterable[Mapping[str, object]], *, sync: bool = True) -> None:
        """Write several lines at once. A kill leaves the first of them, whole.

        Args:
            rows: as of `append`.
            sync: as of `append`.

        Raises:
            OutputError: they could not be written, and none of them is there.
        """
        self._write(b"".join(map(_line, rows)), sync=sync)

    def rewrite(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Replace all lines, whole or not at all; `rows` may read from this log.

        Raises:
            OutputError: they could not be written; the old ones stay.
        """
        with atomic_file(self._path) as file:
            file.write(self._header)
            for row in rows:
                file.write(_line(row))
            self._file.close()  # before it is replaced: Windows does not replace an open file
        try:
            self._file = self._path.open("a+b", buffering=0)
        except OSError as error:
            raise output_error(self._path, error) from error

    def _mend(self, remedy: str) -> None:
        """Begin an empty log; see that another one is ours, and that its last line is whole."""
        self._file.seek(0)
        start = self._file.read(len(self._header)) or b""
        if start != self._header and self._header.startswith(start):
            self._file.truncate(0)
            self._write(self._header, sync=True)
            _sync_folder(self._path.parent)
            return
        _check_header(self._path, start, self._header, remedy)
        place, last = len(self._header), b"\n"
        with self._path.open("rb") as file:
            file.seek(place)
            for line in file:
                place, last = place + len(line), line
        if last.endswith(b"\n"):
            return
        if _is_json(last):
            self._write(b"\n", sync=False)
        else:
            self._file.truncate(place - len(last))

    def _write(self, line: bytes, *, sync: bool) -> int:
        end = self._file.seek(0, os.SEEK_END)
        try:
            written = self._file.write(line)
            if written != len(line):  # the disk is full
                self._file.write(line[written:])
            if sync:
                os.fsync(self._file.fileno())
        except OSError as error:
            self._file.truncate(end)  # half a line must not swallow the next one
            raise output_error(self._path, error) from error
        return end


def _line(row: Mapping[str, object]) -> bytes:
    # ASCII: a file name need not be valid UTF-8, and comes back unchanged from its \udcXX escapes.
    return json.dumps(row, allow_nan=False, default=str).encode("ascii") + b"\n"


def _check_header(path: Path, start: bytes, header: bytes, remedy: str) -> None:
    if start != header:
        raise UsageError(f"{path}: no journal that begins with {header.decode().strip()}", remedy=remedy)


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _sync_folder(folder: Path) -> None:
    # Without it a new file may be missing from its folder after a power cut; Windows cannot, and need not.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
