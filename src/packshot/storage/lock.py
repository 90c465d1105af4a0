"""One writer at a time per output folder, or per file."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from packshot.errors import OutputError, PackshotError
from packshot.storage.atomic import output_error

__all__ = ["STATE_FOLDER", "is_locked", "lock_file", "lock_folder"]

STATE_FOLDER = ".packshot"
"""Where a run keeps its journal, lock and thumbnails; its presence marks a folder as an output folder."""


@contextlib.contextmanager
def lock_folder(out: Path, *, wait_s: float = 0) -> Iterator[None]:
    """Hold the output folder for this process.

    Args:
        out: the folder.
        wait_s: seconds to wait for another process that holds it.

    Raises:
        OutputError: another process holds it, or the folder cannot be written.
    """
    busy = OutputError(
        f"another run is writing to {out}", remedy="wait until it is done, or choose another folder with -o"
    )
    with lock_file(out / STATE_FOLDER / "lock", busy=lambda: busy, wait_s=wait_s):
        yield


@contextlib.contextmanager
def lock_file(path: Path, *, busy: Callable[[], PackshotError], wait_s: float = 0) -> Iterator[None]:
    """Hold a lock file for this process.

    The operating system drops the lock with the process, so a killed run never stands in the way.

    Args:
        path: of the lock file; it is made, and stays behind.
        busy: makes the error where another process, or another thread, holds it.
        wait_s: seconds to wait for that process first.

    Raises:
        PackshotError: `busy`, where it is held.
        OutputError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # No singleton, not even within this process: a second run from another thread is a second run.
        lock = FileLock(path, timeout=wait_s)
        lock.acquire()
    except Timeout:
        raise busy() from None
    except OSError as error:
        raise output_error(path, error) from error
    try:
        yield
    finally:
        lock.release()


def is_locked(path: Path) -> bool:
    """Whether another process holds a lock file; yes where that cannot be told, for the file is somebody else's then.

    Args:
        path: of the lock file.
    """
    try:
        with FileLock(path, timeout=0):
            return False
    except (Timeout, OSError):
        return True
