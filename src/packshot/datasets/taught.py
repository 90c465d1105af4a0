"""Photos under masks that a teacher network made: what it is sure of teaches, the rest is left open."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from packshot.datasets.items import Item, MaskKind, Split
from packshot.errors import UsageError

__all__ = ["KINDS_KEPT_OUT", "render_items", "taught_items"]

#: Kinds of Caltech-101 that no training sees, so that validation can say what becomes of kinds nobody showed.
KINDS_KEPT_OUT = frozenset(
    {
        "accordion",
        "binocular",
        "ceiling_fan",
        "cellphone",
        "crab",
        "ewer",
        "gramophone",
        "headphone",
        "helicopter",
        "inline_skate",
        "ketch",
        "lotus",
        "mandolin",
        "menorah",
        "panda",
        "revolver",
        "scissors",
        "snoopy",
        "umbrella",
        "wheelchair",
    }
)
_PER_KIND = 60
_EVERY = 10  # photos of the other kinds whose number this divides are for validation


def taught_items(
    table: Path, photos: Sequence[Path] = (), *, agreement: float = 0.92, undecided: float = 0.2
) -> list[Item]:
    """The photos of a teacher's table whose masks can be trusted.

    Args:
        table: ``masks.csv`` with the columns ``image, mask, area, agreement, undecided``, and ``kind`` where the
            folder's name is none; masks lie beside it.
        photos: further folders that ``image`` may be relative to, beside the table's own.
        agreement: smallest intersection over union of the teachers' masks, the mean over their pairs, 0..1; of one
            teacher, of its looks at the photo and at its mirror image.
        undecided: largest share of undecided pixels (0.15..0.85), of the product's area.

    Returns:
        Items of the set ``clothing`` (photos in a folder ``clothing/images``) or ``objects`` (the rest, with
        kind or folder's name as label): at most 60 of a kind for training, and those of other splits.

    Raises:
        UsageError: the table cannot be read, or a photo it names is not there.
    """
    try:
        with table.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        good = [
            (row["image"], row["mask"], row.get("kind") or "")
            for row in rows
            if float(row["agreement"]) >= agreement
            and float(row["undecided"]) <= undecided
            and 0.01 <= float(row["area"]) <= 0.95
        ]
    except (OSError, KeyError, ValueError) as error:
        raise UsageError(
            f"{table}: not a teacher's table ({type(error).__name__}: {error})",
            remedy="make it with recipes/cutout/teach.py",
        ) from error
    items, counts = [], Counter[str]()
    for image, mask, named in good:
        places = [folder / image for folder in (table.parent, *photos)]
        photo = next((place for place in places if place.is_file()), None)
        if photo is None:
            raise UsageError(f"{table}: no photo {places[-1]}", remedy="name the folder the photos lie in")
        kind = named or photo.parent.name
        if photo.parent.parts[-2:] == ("clothing", "images"):
            items.append(Item("clothing", Split.TRAIN, photo, table.parent / mask, MaskKind.TEACHER, published=True))
            continue
        split = _split(kind, photo.stem)
        counts[kind] += split is Split.TRAIN
        if split is not Split.TRAIN or counts[kind] <= _PER_KIND:
            item = Item("objects", split, photo, table.parent / mask, MaskKind.TEACHER, label=kind, published=True)
            items.append(item)
    return items


def render_items(table: Path) -> list[Item]:
    """Rendered products with exact opacity, for training only.

    Args:
        table: ``index.csv`` with the columns ``file, model``; the pictures lie beside it.

    Raises:
        UsageError: the table cannot be read.
    """
    try:
        with table.open(newline="", encoding="utf-8") as file:
            rows = [(table.parent / row["file"], row["model"]) for row in csv.DictReader(file)]
    except (OSError, KeyError) as error:
        raise UsageError(
            f"{table}: not a table of renders ({type(error).__name__}: {error})",
            remedy="make it with recipes/cutout/renders/render.py",
        ) from error
    return [
        Item("renders", Split.TRAIN, path, path, MaskKind.ALPHA, label=model, group=model, published=True)
        for path, model in rows
        if path.is_file()
    ]


def _split(kind: str, stem: str) -> Split:
    digits = "".join(c for c in stem if c.isdigit())
    kept_out = kind in KINDS_KEPT_OUT or (digits and int(digits) % _EVERY == 0)
    return Split.VALIDATION if kept_out else Split.TRAIN
