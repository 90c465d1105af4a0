"""One training at a time in a run's folder; imports nothing of torch."""

from __future__ import annotations

import os
from pathlib import Path

from packshot.errors import OutputError
from packshot.storage import Lock

__all__ = ["is_further_process", "refuse_other_training", "run_lock"]

_FILE = ".lock"
_WAIT_S = 1.0  # `packshot leaderboard` takes the lock for a moment, to see whether a run still runs


def is_further_process() -> bool:
    """Whether this process works beside the first one of a training on several devices, which writes the run folder."""
    return os.environ.get("LOCAL_RANK", "0") != "0"


def run_lock(run: Path) -> Lock:
    """The lock of a training's folder."""

    def busy() -> OutputError:
        remedy = "wait until it is done, or choose another folder with -o"
        return OutputError(f"another training is writing to {run}", remedy=remedy)

    return Lock(run / _FILE, busy, wait_s=_WAIT_S)


def refuse_other_training(run: Path, *, several: bool = False) -> None:
    """Refuse at once where the lock of a training is held; see `packshot.storage.Lock.refuse`.

    Args:
        run: the folder; it need not be there.
        several: whether trainings lie in folders below it (folds, a grid, shares and seeds), each with its own lock.

    Raises:
        OutputError: another process holds it, or one of those below.
    """
    if is_further_process():
        return  # the first process of this very training holds it
    below = [found.parent for found in sorted(run.glob(f"**/{_FILE}"))] if several else []
    for folder in (run, *below):
        run_lock(folder).refuse()
