"""A shop's own folders: ``images/`` beside ``masks/``, or one folder for each class."""

from __future__ import annotations

from pathlib import Path

from packshot.counting import counted
from packshot.datasets.items import Item, MaskKind, Split
from packshot.datasets.splits import assign_splits, complete_splits, split_named
from packshot.errors import UsageError
from packshot.photo import SUFFIXES

__all__ = ["class_folders", "masked_folders", "pictures_in", "plain_folder"]


def masked_folders(root: Path) -> list[Item]:
    """Pictures and masks of equal stems, in ``images/`` and ``masks/`` of the folder or of its split folders.

    Args:
        root: holds ``images/`` and ``masks/``, or ``train/``, ``validation/``, ``test/`` that hold them.

    Returns:
        The items; none where there is no ``images/``. Without split folders, `assign_splits` splits them.

    Raises:
        UsageError: an image has no mask, or two of them share a name.
    """
    if (root / "images").is_dir():
        return assign_splits(_pairs(root, root.name, Split.TRAIN))
    parts = [(folder, split) for folder, split in _split_folders(root) if (folder / "images").is_dir()]
    return complete_splits([item for folder, split in parts for item in _pairs(folder, root.name, split)])


def class_folders(root: Path) -> list[Item]:
    """One folder for each class, or split folders that hold them.

    Args:
        root: ``root/shirt/*.jpg``, or ``root/train/shirt/*.jpg``, ``root/validation/...``, ``root/test/...``; deeper
            folders belong to their class.

    Returns:
        The items; none where there are no pictures. Without split folders, `assign_splits` splits them.
    """
    parts = _split_folders(root)
    if not parts:
        return assign_splits(_classes(root, root.name, Split.TRAIN))
    return complete_splits([item for folder, split in parts for item in _classes(folder, root.name, split)])


def plain_folder(root: Path) -> list[Item]:
    """Photos at any depth, without labels; or ``framed/`` and ``unframed/`` as class folders.

    Args:
        root: holds photos, or ``train/``, ``validation/``, ``test/`` that hold them, or the two classes.

    Returns:
        The items; none where there are no pictures. Without split folders, `assign_splits` splits them.
    """
    if (root / "framed").is_dir() or any((part / "framed").is_dir() for part, _ in _split_folders(root)):
        return class_folders(root)
    parts = _split_folders(root)
    if not parts:
        return assign_splits([Item(root.name, Split.TRAIN, photo) for photo in pictures_in(root, deep=True)])
    found = [Item(root.name, split, photo) for folder, split in parts for photo in pictures_in(folder, deep=True)]
    return complete_splits(found)


def pictures_in(folder: Path, *, deep: bool = False) -> list[Path]:
    """Picture files by their suffix, in the order of names; hidden files are left out."""
    found = folder.rglob("*") if deep else folder.glob("*")
    return sorted(p for p in found if p.suffix.lower() in SUFFIXES and not p.name.startswith(".") and p.is_file())


def _split_folders(root: Path) -> list[tuple[Path, Split]]:
    folders = sorted(p for p in root.iterdir() if p.is_dir())
    named = [(folder, split_named(folder.name)) for folder in folders]
    return [(folder, split) for folder, split in named if split is not None]


def _pairs(folder: Path, source: str, split: Split) -> list[Item]:
    images, masks = _by_stem(folder / "images"), _by_stem(folder / "masks")
    without = sorted(images.keys() - masks.keys())
    if without or not images:
        raise UsageError(
            f"{folder}: {len(without)} of {counted(len(images), 'image')} {'has' if len(without) == 1 else 'have'} no "
            f"mask of the same name, first {without[:3]}",
            remedy="put one mask per image into masks/, with the image's name",
        )
    return [Item(source, split, photo, masks[stem], MaskKind.ALPHA) for stem, photo in images.items()]


def _by_stem(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in pictures_in(folder):
        other = found.setdefault(path.stem, path)
        if other != path:
            raise UsageError(
                f"{folder}: {other.name} and {path.name} share a name, so nobody knows whose mask is whose",
                remedy="rename or remove one of them",
            )
    return found


def _classes(folder: Path, source: str, split: Split) -> list[Item]:
    classes = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    return [Item(source, split, photo, label=c.name) for c in classes for photo in pictures_in(c, deep=True)]
