"""One writer at a time per output folder, or per file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from packshot.errors import OutputError, PackshotError
from packshot.storage.atomic import output_error

__all__ = ["STATE_FOLDER", "Lock", "folder_lock", "is_locked"]

STATE_FOLDER = ".packshot"
"""Where a run keeps its journal, lock and thumbnails; its presence marks a folder as an output folder."""

_MOMENT_S = 0.2  # who only looks whether a lock is held, holds it for less


@dataclass(frozen=True, slots=True)
class Lock:
    """A file that one process, or one thread, holds at a time; making this value takes nothing yet.

    The operating system drops it with the process, so a killed run never stands in the way.

    Attributes:
        path: of the lock file; it is made, and stays behind.
        busy: makes the error where another process, or another thread, holds it.
        wait_s: seconds that `hold` waits for that process first.
    """

    path: Path
    busy: Callable[[], PackshotError]
    wait_s: float = _MOMENT_S

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Hold it while the context lasts.

        Raises:
            PackshotError: `busy`, where it is held.
            OutputError: the file cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # No singleton, not even within this process: a second run from another thread is a second run.
            lock = FileLock(self.path, timeout=self.wait_s)
            lock.acquire()
        except Timeout:
            raise self.busy() from None
        except OSError as error:
            raise output_error(self.path, error) from error
        try:
            yield
        finally:
            lock.release()

    def refuse(self) -> None:
        """Refuse at once what `hold` would refuse, for who has much to prepare before; nothing is made.

        Nothing is held either: it must be held afterwards all the same, for another process may be faster.

        Raises:
            PackshotError: `busy`, where it is held.
        """
        if not os.path.exists(self.path):  # noqa: PTH110  # which is False where nobody may look
            return
        try:
            with FileLock(self.path, timeout=_MOMENT_S):
                return
        except Timeout:
            raise self.busy() from None
        except OSError:
            return  # `hold` says what is wrong


def folder_lock(out: Path) -> Lock:
    """The lock of an output folder: whoever writes results into it holds it.

    Args:
        out: the folder; it need not be there.
    """

    def busy() -> OutputError:
        remedy = "wait until it is done, or choose another folder with -o"
        return OutputError(f"another run is writing to {out}", remedy=remedy)

    return Lock(out / STATE_FOLDER / "lock", busy)


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
