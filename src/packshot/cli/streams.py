"""What the command hears and says: stdin, stdout and stderr, each of which may be closed, full or without a reader.

stderr carries words for a person. Where they cannot be written the work goes on without them. stdout carries results:
a full disk behind it is an error, a reader that has gone (``| head``) is none.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from packshot.errors import OutputError

if TYPE_CHECKING:
    from typing import TextIO

    from _typeshed import ReadableBuffer

__all__ = ["ReaderGone", "outlive_reader", "print_failure", "safe_streams", "stdout_is_open"]


class ReaderGone(Exception):
    """Nobody reads stdout any more. No `OSError`: click would end with exit code 1 at that."""


class _Stdout(io.FileIO):
    """stdout's bytes: the first failure is raised or kept, after it everything is dropped."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self.outlived = False
        self.failure: ReaderGone | OutputError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        size = memoryview(data).nbytes
        if self.failure is not None:
            return size
        try:
            return super().write(data)
        except OSError as error:
            # Windows says EINVAL where a pipe has no reader.
            gone = error.errno == errno.EPIPE or (os.name == "nt" and error.errno == errno.EINVAL)
            self.failure = ReaderGone() if gone else _unprintable(error)
            if self.outlived:
                return size
            raise self.failure from error


class _Stderr(io.FileIO):
    """stderr's bytes, dropped where they cannot be written."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


@contextlib.contextmanager
def safe_streams() -> Iterator[None]:
    """Make stdout and stderr safe to write to while the context lasts; a stream somebody else put there is left alone.

    A closed descriptor is opened on the null device, lest the next file that is opened becomes this process's stderr.
    """
    open_before, before = _fill_closed(), (sys.stdout, sys.stderr)
    if sys.stdout is sys.__stdout__ and not _is_console(sys.stdout):
        sys.stdout = _text(_Stdout(1) if open_before[1] else _Stderr(1, "wb", closefd=False), like=sys.stdout)
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if sys.stderr is sys.__stderr__ and not _is_console(sys.stderr):
        sys.stderr = _text(_Stderr(2, "wb", closefd=False), like=sys.stderr, line_buffering=True)
    try:
        yield
    finally:
        with contextlib.suppress(ReaderGone, OutputError):
            sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def outlive_reader() -> None:
    """Go on when results can no longer be printed, for a command whose pictures matter more; see `print_failure`."""
    if isinstance(raw := _raw(), _Stdout):
        raw.outlived = True


def print_failure() -> OutputError | None:
    """Flush stdout, and say why results could not be printed; None where they were, or where nobody reads them.

    Raises:
        ReaderGone: only now it turned out that nobody reads them.
        OutputError: only now it turned out that they cannot be printed.
    """
    if sys.stdout is not None:
        sys.stdout.flush()
    raw = _raw()
    return raw.failure if isinstance(raw, _Stdout) and isinstance(raw.failure, OutputError) else None


def stdout_is_open() -> bool:
    """Whether somebody can get what is printed."""
    return sys.stdout is not None and not isinstance(_raw(), _Stderr)


def _raw() -> object:
    return getattr(getattr(sys.stdout, "buffer", None), "raw", None)


def _is_console(stream: TextIO | None) -> bool:
    # Windows' console has a way of its own for letters that are not in its code page.
    return os.name == "nt" and stream is not None and stream.isatty()


def _unprintable(error: OSError) -> OutputError:
    return OutputError(
        f"results could not be printed to stdout ({error.strerror or error})",
        remedy="free some space, or send them elsewhere, and repeat the command",
    )


def _fill_closed() -> list[bool]:
    """Which of stdin, stdout and stderr were open; the others now are on the null device, in child processes too."""
    were_open = []
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
            were_open.append(True)
        except OSError:
            were_open.append(False)
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != descriptor:
                os.dup2(opened, descriptor)
                os.close(opened)
            os.set_inheritable(descriptor, True)
    return were_open


def _text(raw: io.FileIO, *, like: TextIO | None, line_buffering: bool = False) -> TextIO:
    # A file's name need not be in the terminal's encoding, nor in any: such letters are printed as escapes.
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=getattr(like, "encoding", None) or "utf-8",
        errors="backslashreplace",
        line_buffering=line_buffering or raw.isatty(),
    )
