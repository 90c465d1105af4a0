"""Labelled pictures on this machine: where they lie, or the copy of those in a bucket."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from packshot.errors import UsageError
from packshot.settings import Settings
from packshot.storage.objects import is_object_uri, local_copy

__all__ = ["local_data"]


def local_data(place: str, *, tell: Callable[[str], None] = lambda _: None) -> Path:
    """A path as it is, which need not exist; of a URI the copy of what is there, brought up to date.

    Args:
        place: a path or URI, as `packshot train --data` takes it.
        tell: called with a line for a person before and after anything is copied.

    Raises:
        UsageError: nothing is there, or there is no folder for copies.
        StorageError: the bucket cannot be used.

    Example:
        >>> local_data("shop/labelled").as_posix()
        'shop/labelled'
    """
    if not is_object_uri(place):
        return Path(place)
    copies = Settings().data_copies
    if copies is None:
        raise UsageError("this user has no folder for data", remedy="name a folder in PACKSHOT_DATA_COPIES")
    return local_copy(place, copies, tell=tell)
