"""One delivery of a run at a time."""

from __future__ import annotations

from pathlib import Path

from packshot.errors import OutputError
from packshot.storage import STATE_FOLDER, Lock

__all__ = ["delivery_lock"]


def delivery_lock(out: Path) -> Lock:
    """The lock of the deliveries of a run's folder, on whatever way they go out or back."""

    def busy() -> OutputError:
        return OutputError(f"another delivery of {out} goes on", remedy="wait until it is done")

    return Lock(out / STATE_FOLDER / "delivery.lock", busy)
