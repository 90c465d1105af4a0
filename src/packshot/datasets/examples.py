"""Photos with the names of their categories: a folder for each category, or a table."""

from __future__ import annotations

from pathlib import Path

from packshot.counting import counted
from packshot.datasets.folders import pictures_in
from packshot.datasets.layouts import open_items
from packshot.errors import UsageError

__all__ = ["empty_categories", "labelled_photos"]


def labelled_photos(examples: Path) -> list[tuple[Path, str]]:
    """Photos with the name of their category.

    Args:
        examples: a folder whose subfolders are categories, as deep as they like: ``Apparel/Tops/T-Shirt/1.jpg`` is of
            ``Apparel > Tops > T-Shirt``; or a CSV with the columns ``path`` and ``label``.

    Raises:
        UsageError: there are none, or a photo has no category.
    """
    if not examples.is_dir():
        return [(item.photo, item.label or "") for item in open_items(examples, task="classification")]
    photos = pictures_in(examples, deep=True)
    found = [(photo, " > ".join(photo.parent.relative_to(examples).parts)) for photo in photos]
    loose = [photo for photo, label in found if not label]
    if loose:
        raise UsageError(
            f"{examples}: {counted(len(loose), 'photo lies', 'photos lie')} in no category's folder, "
            f"first {loose[0].name}",
            remedy="put each photo into a folder that is called like its category",
        )
    if not found:
        raise UsageError(f"{examples}: no photos", remedy="make a folder for each category, with five photos or more")
    return found


def empty_categories(examples: Path) -> list[str]:
    """Names of the categories of a folder, as `labelled_photos` gives them, that have neither photos nor folders."""
    if not examples.is_dir():
        return []
    folders = [path for path in examples.rglob("*") if path.is_dir() and not path.name.startswith(".")]
    return sorted(" > ".join(path.relative_to(examples).parts) for path in folders if not any(path.iterdir()))
