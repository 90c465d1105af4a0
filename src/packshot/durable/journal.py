"""A file of decisions: one JSON object a line, appended, on the disk before anybody is told.

A line without its end was being written when its process was killed, and was never acknowledged: it is passed over by
readers and removed by the next writer. What a damaged line within means is for the owner of the journal to say.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from packshot.durable.atomic import output_error
from packshot.errors import UsageError

__all__ = ["JournalFile", "read_journal"]


def read_journal(path: Path, *, header: bytes, remedy: str) -> list[bytes]:
    r"""The whole lines of a journal, without its header; nothing if it is not there yet.

    Args:
        path: of the journal; somebody may be appending to it.
        header: its first line, with its ``\n``: says whose journal it is, and in which version.
        remedy: of the error.

    Raises:
        UsageError: the file begins with something else, or cannot be read.
    """
    try:
        return _whole_lines(path, path.read_bytes(), header, remedy)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})", remedy="check its permissions") from error


class JournalFile:
    r"""A journal open for appending.

    Args:
        path: of the journal, which the caller holds locked; it is made if it is missing.
        header: its first line, with its ``\n``.
        remedy: of the error where another file lies there.

    Attributes:
        lines: as they were when it was opened, without the header.

    Raises:
        UsageError: the file is something else; it is left alone.
        OutputError: it cannot be opened or written.
    """

    def __init__(self, path: Path, *, header: bytes, remedy: str) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+b", buffering=0)
        except OSError as error:
            raise output_error(path, error) from error
        try:
            self.lines = self._open(header, remedy)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def append(self, row: dict[str, Any], *, sync: bool = True) -> None:
        """Write a line; with `sync` it is on the disk when this returns.

        Raises:
            OutputError: it could not be written, and is not there.
        """
        self._write(json.dumps(row, allow_nan=False).encode("ascii") + b"\n", sync=sync)

    def _open(self, header: bytes, remedy: str) -> list[bytes]:
        self._file.seek(0)
        content = self._file.readall()
        lines = _whole_lines(self._path, content, header, remedy)
        if not content.startswith(header):
            self._file.truncate(0)
            self._write(header, sync=True)
            _sync_folder(self._path.parent)
        elif not content.endswith(b"\n"):
            torn = content[content.rfind(b"\n") + 1 :]
            if _is_json(torn):
                self._write(b"\n", sync=False)
            else:
                self._file.truncate(len(content) - len(torn))
        return lines

    def _write(self, line: bytes, *, sync: bool) -> None:
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


def _whole_lines(path: Path, content: bytes, header: bytes, remedy: str) -> list[bytes]:
    if content != header and header.startswith(content):
        return []  # empty, or killed while it was begun
    if not content.startswith(header):
        raise UsageError(f"{path}: no journal that begins with {header.decode().strip()}", remedy=remedy)
    lines = content.split(b"\n")[1:]
    # What follows the last end of line is nothing, or torn; but a line that lacks nothing but its end is whole.
    return lines if _is_json(lines[-1]) else lines[:-1]


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
