"""The photo of an item: a file here, or an object of a bucket; what came as an upload lies nowhere."""

from __future__ import annotations

from pathlib import Path

from packshot.errors import ObjectNotFound
from packshot.storage.objects import ObjectUri, is_object_uri, open_folder

__all__ = ["is_gone"]


def is_gone(source: str) -> bool:
    """Whether the photo is not where the catalogue says it is.

    Args:
        source: of the item.

    Raises:
        StorageError: its bucket cannot be used.
    """
    if not is_object_uri(source):
        return not Path(source).exists()
    folder, name = ObjectUri.parse(source).split()
    try:
        open_folder(folder).head(name)
    except ObjectNotFound:
        return True
    return False
