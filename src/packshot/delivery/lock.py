"""One delivery of a run at a time."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from packshot.errors import OutputError
from packshot.storage import STATE_FOLDER, lock_file

__all__ = ["delivery_lock"]


def delivery_lock(out: Path) -> AbstractContextManager[None]:
    """Holds the deliveries of a run's folder, on whatever way they go out or back.

    Raises:
        OutputError: another one goes on.
    """
    busy = OutputError(f"another delivery of {out} goes on", remedy="wait until it is done")
    return lock_file(out / STATE_FOLDER / "delivery.lock", busy=lambda: busy)
