"""One training at a time in a run's folder; imports nothing of torch."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from packshot.errors import OutputError
from packshot.storage.lock import lock_file, refuse_locked

__all__ = ["refuse_other_training", "run_lock"]

_FILE = ".lock"
_WAIT_S = 1.0  # `packshot leaderboard` takes the lock for a moment, to see whether a run still runs


def run_lock(run: Path) -> AbstractContextManager[None]:
    """Holds the run's folder for this process; the operating system lets go of it when the process ends.

    Raises:
        OutputError: another process holds it, or the folder cannot be written.
    """
    return lock_file(run / _FILE, busy=lambda: _busy(run), wait_s=_WAIT_S)


def refuse_other_training(run: Path, *, several: bool = False) -> None:
    """Refuse at once what `run_lock` would refuse; see `packshot.storage.refuse_locked`.

    Args:
        run: the folder; it need not be there.
        several: whether trainings lie in folders below it (folds, a grid, shares and seeds), each with its own lock.

    Raises:
        OutputError: another process holds it, or one of those below.
    """
    below = [found.parent for found in sorted(run.glob(f"**/{_FILE}"))] if several else []
    for folder in (run, *below):
        refuse_locked(folder / _FILE, busy=partial(_busy, folder))


def _busy(run: Path) -> OutputError:
    return OutputError(
        f"another training is writing to {run}", remedy="wait until it is done, or choose another folder with -o"
    )
