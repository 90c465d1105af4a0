"""One writer at a time per output folder, or per file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from packshot.errors import OutputError, PackshotError
from packshot.storage.atomic import output_error

__all__ = ["STATE_FOLDER", "is_locked", "lock_file", "lock_folder", "refuse_locked", "refuse_locked_folder"]

STATE_FOLDER = ".packshot"
"""Where a run keeps its journal, lock and thumbnails; its presence marks a folder as an output folder."""

_MOMENT_S = 0.2  # who only looks whether a lock is held, holds it for less


@contextlib.contextmanager
def lock_folder(out: Path, *, wait_s: float = _MOMENT_S) -> Iterator[None]:
    """Hold the output folder for this process.

    Args:
        out: the folder.
        wait_s: seconds to wait for another process that holds it.

    Raises:
        OutputError: another process holds it, or the folder cannot be written.
    """
    with lock_file(_lock_of(out), busy=lambda: _busy(out), wait_s=wait_s):
        yield


def refuse_locked_folder(out: Path) -> None:
    """Refuse at once what `lock_folder` would refuse, before a run prepares anything; see `refuse_locked`.

    Args:
        out: the folder; it need not be there.

    Raises:
        OutputError: another process holds it.
    """
    refuse_locked(_lock_of(out), busy=lambda: _busy(out))


@contextlib.contextmanager
def lock_file(path: Path, *, busy: Callable[[], PackshotError], wait_s: float = _MOMENT_S) -> Iterator[None]:
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


def refuse_locked(path: Path, *, busy: Callable[[], PackshotError]) -> None:
    """Refuse at once what `lock_file` would refuse, for who has much to prepare before; nothing is made.

    Nothing is held either: the lock must be taken all the same, for another process may be faster.

    Args:
        path: of the lock file; it need not be there.
        busy: as for `lock_file`.

    Raises:
        PackshotError: `busy`, where it is held.
    """
    if not os.path.exists(path):  # noqa: PTH110  # which is False where nobody may look
        return
    try:
        with FileLock(path, timeout=_MOMENT_S):
            return
    except Timeout:
        raise busy() from None
    except OSError:
        return  # `lock_file` says what is wrong


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


def _lock_of(out: Path) -> Path:
    return out / STATE_FOLDER / "lock"


def _busy(out: Path) -> OutputError:
    return OutputError(
        f"another run is writing to {out}", remedy="wait until it is done, or choose another folder with -o"
    )
