"""Where a catalogue of LanceDB lies: on a disk of this machine, or on object storage."""

from __future__ import annotations

import re
from pathlib import Path

from packshot.storage.objects import ObjectFolder, ObjectUri, open_folder

__all__ = ["folder_of", "objects_of"]

_RETRY_S = 30.0


def folder_of(uri: str) -> Path | None:
    """The folder of a catalogue on this machine, or None for object storage."""
    return None if re.match(r"[A-Za-z][\w+.-]+://", uri) else Path(uri)


def objects_of(uri: str) -> ObjectFolder:
    """The same place as a folder of objects, whichever of both it is.

    Raises:
        UsageError: the address is none of object storage, or the extra ``cloud`` is not installed.
    """
    folder = folder_of(uri)
    return open_folder(ObjectUri.parse(uri) if folder is None else ObjectUri.of_path(folder), retry_s=_RETRY_S)
