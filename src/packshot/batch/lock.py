"""One run at a time per output folder, or per file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from packshot.batch.atomic import output_error
from packshot.batch.sources import STATE_FOLDER
from packshot.errors import OutputError

__all__ = ["hold", "hold_lock"]


@contextlib.contextmanager
def hold(out: Path) -> Iterator[None]:
    """Hold the output folder for this process.

    Raises:
        OutputError: another run holds it, or the folder cannot be written.
    """
    with hold_lock(
        out / STATE_FOLDER / "lock",
        message=f"another run is writing to {out}",
        remedy="wait until it is done, or choose another folder with -o",
    ):
        yield


@contextlib.contextmanager
def hold_lock(path: Path, *, message: str, remedy: str) -> Iterator[None]:
    """Hold a lock file for this process.

    The operating system drops the lock with the process, so a killed run never stands in the way.

    Args:
        path: of the lock file; it is made, and stays behind.
        message: of the error where another process holds it.
        remedy: of the same error.

    Raises:
        OutputError: another process holds it, or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # No singleton, not even within this process: a second run from another thread is a second run.
        lock = FileLock(path, timeout=0)
        lock.acquire()
    except Timeout:
        raise OutputError(message, remedy=remedy) from None
    except OSError as error:
        raise output_error(path, error) from error
    try:
        yield
    finally:
        lock.release()
