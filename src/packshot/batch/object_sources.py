"""Photos of a bucket as inputs of the commands that go from photo to photo: each is read when its turn comes."""

from __future__ import annotations

from pathlib import PurePosixPath

from packshot.errors import UsageError
from packshot.records import MANIFEST
from packshot.storage.objects import ObjectUri, open_folder

__all__ = ["is_hidden", "photos_in_bucket"]


def is_hidden(path: str) -> bool:
    """Whether an object is none of a person's: a part of its path begins with a dot.

    Example:
        >>> is_hidden(".packshot/rows/1.jsonl"), is_hidden("shoes/front.jpg")
        (True, False)
    """
    return any(part.startswith(".") for part in PurePosixPath(path).parts)


def photos_in_bucket(uri: str, suffixes: frozenset[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """What a URI names: the photos below it, or the one object that it is.

    An object counts by its suffix, or if it has none; what it holds is not looked at. All names are held.

    Args:
        uri: of a folder or of a photo; one that names nothing stands for a photo that is not there.
        suffixes: lower-case, with their dot, that count as photos.

    Returns:
        Each photo's path below the URI and its own URI; and the URIs of what was passed over.

    Raises:
        UsageError: the URI is wrong, or a run wrote what is there.
        StorageError: the bucket cannot be used.
    """
    root = ObjectUri.parse(uri)
    photos: list[tuple[str, str]] = []
    others: list[str] = []
    for info in open_folder(root).list():
        if info.path == MANIFEST:
            raise UsageError(f"{uri} is what a run wrote", remedy=f"name its pictures: {root.child('packshots')}")
        if is_hidden(info.path):
            continue
        suffix, here = PurePosixPath(info.path).suffix.lower(), str(root.child(info.path))
        if suffix in suffixes or (not suffix and info.size > 0):  # an empty one marks a folder
            photos.append((info.path, here))
        elif suffix:
            others.append(here)
    return photos if photos or others else [(root.split()[1], uri)], others
