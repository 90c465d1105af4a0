"""One delivery of a run at a time."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from packshot.errors import OutputError
from packshot.storage import STATE_FOLDER, lock_file, refuse_locked

__all__ = ["delivery_lock", "refuse_other_delivery"]


def delivery_lock(out: Path) -> AbstractContextManager[None]:
    """Holds the deliveries of a run's folder, on whatever way they go out or back.

    Raises:
        OutputError: another one goes on.
    """
    return lock_file(_file(out), busy=lambda: _busy(out))


def refuse_other_delivery(out: Path) -> None:
    """Refuse at once what `delivery_lock` would refuse; see `packshot.storage.refuse_locked`.

    Raises:
        OutputError: another delivery goes on.
    """
    refuse_locked(_file(out), busy=lambda: _busy(out))


def _file(out: Path) -> Path:
    return out / STATE_FOLDER / "delivery.lock"


def _busy(out: Path) -> OutputError:
    return OutputError(f"another delivery of {out} goes on", remedy="wait until it is done")
