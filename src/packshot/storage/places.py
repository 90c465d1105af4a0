"""Where results may go: folders that can be written, and files that are one under several names."""

from __future__ import annotations

import os
from pathlib import Path

from packshot.errors import OutputError

__all__ = ["file_id", "require_folder"]


def file_id(path: str | Path) -> tuple[int, int] | None:
    """What is the same for two names of one file; None where nothing lies there, or nobody can tell."""
    try:
        status = os.stat(path)  # noqa: PTH116  # takes both
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if status.st_ino else None


def require_folder(folder: Path, *, option: str) -> None:
    """Refuse a folder that cannot be made or written to, before any photo is read.

    Args:
        folder: for the results.
        option: that named it, for the message.

    Raises:
        OutputError: something else lies there, or writing is not allowed.
    """
    there = next((each for each in (folder, *folder.absolute().parents) if os.path.lexists(each)), None)
    if there is None:
        return
    if not there.is_dir():
        raise OutputError(f"{folder} could not be made: {there} is no folder", remedy=f"choose another with {option}")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(
            f"{folder} may not be written", remedy=f"allow writing to it, or choose another with {option}"
        )
