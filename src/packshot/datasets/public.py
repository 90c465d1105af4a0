"""The public sets under ``PACKSHOT_DATA``, with the rule that splits them.

Splits are fixed by rule, so that everybody means the same photos:

======== ============================ =========================== ==============
set      holdout (report only)        validation (choose)         train
======== ============================ =========================== ==============
ccp      photo number % 8 == 0        photo number % 16 == 1      the rest
people   place in sorted list % 6 == 0 place % 12 == 1            the rest
clothing (masks are machine-made)     the set's own `validation`  the set's own `train`
studio   class id % 5 == 0            class id % 10 == 1          the rest
grocery  (classes only)               the set's own `val`         the set's own `train`
======== ============================ =========================== ==============

Nothing is tuned, stopped early or chosen on the holdout.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from packshot.datasets.items import Item, MaskKind, Split
from packshot.errors import UsageError

Read = TypeVar("Read")

__all__ = [
    "UNLICENSED",
    "classified_public_items",
    "grocery_scenes",
    "public_items",
    "public_scenes",
    "public_tables",
    "street_scenes",
]

#: Public sets that state no licence: what ships does not learn from them (docs/decisions/0021-lineage.md).
UNLICENSED = frozenset({"people"})


def public_items(root: Path, *, max_uncertain: float = 0.06) -> list[Item]:
    """All pictures with masks of the public sets.

    Args:
        root: folder with ``ccp/ people/ clothing/ grocery/``, or one of these.
        max_uncertain: machine-made garment masks with a larger share of uncertain pixels are left out.

    Returns:
        The items; none where none of the sets lies there.

    Raises:
        UsageError: a set is there, but damaged.
    """
    return [
        *_read(_ccp, _folder(root, "ccp")),
        *_read(_people, _folder(root, "people")),
        *_read(lambda folder: _clothing(folder, max_uncertain), _folder(root, "clothing")),
        *_read(_studio, _folder(root, "grocery")),
    ]


def classified_public_items(root: Path) -> list[Item]:
    """All pictures of one public set with classes.

    Clothing where it lies there: 17 kinds of garment, grouped by sender, of whom many have photos in both of the set's
    own splits. Else grocery: 81 products.

    Args:
        root: folder with ``clothing/`` or ``grocery/``, or one of these.

    Returns:
        The items; none where neither set lies there.

    Raises:
        UsageError: a set is there, but damaged.
    """
    return [
        *_read(_clothing_kinds, _folder(root, "clothing")),
    ] or [*_read(_grocery_classes, _folder(root, "grocery"))]


def public_scenes(root: Path) -> list[Item]:
    """All photos of the public sets that show a scene, without masks or labels; studio pictures on white are left out.

    Args:
        root: folder with ``ccp/ people/ clothing/ grocery/``, or one of these.

    Returns:
        The items, in the sets' own splits; none where none of the sets lies there.

    Raises:
        UsageError: a set is there, but damaged.
    """
    masked = [item for item in public_items(root) if item.source != "studio"]
    return [
        *(Item(item.source, item.split, item.photo, group=item.group, published=True) for item in masked),
        *_read(_grocery_scenes, _folder(root, "grocery")),
    ]


def street_scenes(root: Path, split: Split) -> list[Item]:
    """Street photos with their person masks: backgrounds for composites, of the same split."""
    return [item for item in _read(_ccp, _folder(root, "ccp")) if item.split is split]


def grocery_scenes(root: Path, split: Split) -> list[Path]:
    """Shop photos as backgrounds: ``grocery/train`` for training, ``grocery/val`` otherwise."""
    folder = root / "grocery" / ("train" if split is Split.TRAIN else "val")
    return sorted(folder.rglob("*.jpg"))


def public_tables(root: Path, name: str, table: str) -> Iterator[tuple[Path, list[dict[str, str]]]]:
    """A table of a public set: the set's folder and the rows; nothing where the set does not lie there.

    Args:
        root: folder with the sets, or one of them.
        name: of the set.
        table: of the file.

    Raises:
        UsageError: the table cannot be read.
    """
    folder = _folder(root, name)
    if (folder / table).is_file():
        yield from _read(lambda folder: iter([(folder, _rows(folder / table))]), folder)


def _folder(root: Path, name: str) -> Path:
    # A lone folder named like a set is that set only where it looks like it, which each reader sees for itself.
    return root if root.name == name and not (root / name).is_dir() else root / name


def _read(reader: Callable[[Path], Iterator[Read]], folder: Path) -> list[Read]:
    try:
        return list(reader(folder))
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"{folder}: not as the public set is published ({type(error).__name__}: {error})",
            remedy="fetch the set again, or bring your own pictures in one of the layouts of docs/how-to/data.md",
        ) from error


def _ccp(folder: Path) -> Iterator[Item]:
    for mask in sorted((folder / "labels").glob("*.png")):
        number = int(mask.stem)
        split = Split.HOLDOUT if number % 8 == 0 else Split.VALIDATION if number % 16 == 1 else Split.TRAIN
        photo = folder / "photos" / f"{mask.stem}.jpg"
        yield Item("ccp", split, photo, mask, MaskKind.LABELS, published=True)


def _people(folder: Path) -> Iterator[Item]:
    photos = {p.stem: p for p in (folder / "images").glob("*")}
    for place, mask in enumerate(sorted((folder / "masks").glob("*"))):
        split = Split.HOLDOUT if place % 6 == 0 else Split.VALIDATION if place % 12 == 1 else Split.TRAIN
        yield Item("people", split, photos[mask.stem], mask, MaskKind.ALPHA, published=True)


def _clothing(folder: Path, max_uncertain: float) -> Iterator[Item]:
    if not (folder / "masks.csv").exists():
        return
    known = {row["image"]: row for row in _rows(folder / "labels.csv")}
    for row in _rows(folder / "masks.csv"):
        share, uncertain = float(row["foreground_share"]), float(row["uncertain_share"])
        if uncertain > max_uncertain or not 0.05 <= share <= 0.9:
            continue
        name = row["image"]
        about = known.get(name, {})
        yield Item(
            "clothing",
            Split(about.get("split", "train")),
            folder / "images" / f"{name}.jpg",
            folder / "masks" / f"{name}.png",
            MaskKind.ALPHA,
            group=about.get("sender_id"),
            published=True,
        )


def _clothing_kinds(folder: Path) -> Iterator[Item]:
    if not (folder / "labels.csv").exists():
        return
    for row in _rows(folder / "labels.csv"):
        photo = folder / "images" / f"{row['image']}.jpg"
        split, label, sender = Split(row["split"]), row["label"], row["sender_id"]
        yield Item("clothing", split, photo, label=label, group=sender, published=True)


def _studio(folder: Path) -> Iterator[Item]:
    if not (folder / "classes.csv").exists():
        return
    for row in _rows(folder / "classes.csv"):
        number = int(row["class_id"])
        split = Split.HOLDOUT if number % 5 == 0 else Split.VALIDATION if number % 10 == 1 else Split.TRAIN
        photo = folder / "iconic" / f"{row['class']}.jpg"
        package = row["path"].startswith("Packages/")
        kind = MaskKind.WHITE_BACKGROUND_CONVEX if package else MaskKind.WHITE_BACKGROUND
        yield Item("studio", split, photo, photo, kind, group=row["class"], published=True)


def _grocery_classes(folder: Path) -> Iterator[Item]:
    if not ((folder / "labels.csv").exists() and (folder / "classes.csv").exists()):
        return
    for row in _rows(folder / "labels.csv"):
        split = Split.VALIDATION if row["split"] == "val" else Split(row["split"])
        yield Item("grocery", split, folder / row["image"], label=row["class"], published=True)


def _grocery_scenes(folder: Path) -> Iterator[Item]:
    for name, split in (("train", Split.TRAIN), ("val", Split.VALIDATION)):
        for photo in sorted((folder / name).rglob("*.jpg")):
            yield Item("grocery", split, photo, published=True)


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))
