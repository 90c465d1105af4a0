"""Pictures under everything that is known of what they show: category, attributes, tags, and which product it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from packshot.datasets.folders import pictures_in
from packshot.datasets.items import Item, MaskKind, Split
from packshot.datasets.layouts import open_items
from packshot.datasets.manifest import GROUP, is_manifest, read_columns
from packshot.datasets.public import public_tables
from packshot.errors import UsageError
from packshot.values import Box, Rgb
from packshot.values.box import AROUND

__all__ = ["Described", "described_items", "tag_names", "with_cutouts"]

#: The attribute that class folders and the column ``label`` give.
LABEL = "label"

_MARK = {"True": "yes", "False": "no"}


@dataclass(frozen=True, slots=True)
class Described(Item):
    """A picture and what is known of its content; what nobody said is None or missing, and is not learnt from.

    Attributes:
        category: id, name or path in a taxonomy.
        attributes: name -> value.
        tags: all that is in the picture, and nothing else is.
        product: which product it shows; pictures of the same one belong together.
        part: all that is said is said of this part of the photo, in pixels of the upright photo; None for all of it.
    """

    category: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    tags: frozenset[str] | None = None
    product: str | None = None
    part: Box | None = None

    def rgb(self) -> Rgb:
        """The photo or its part with a little of what is around it, upright sRGB: uint8 (h, w, 3).

        Raises:
            UsageError: it cannot be read; names the file.
        """
        rgb = Item.rgb(self)
        if self.part is None:
            return rgb
        return np.ascontiguousarray(rgb[self.part.widened(AROUND, within=(rgb.shape[1], rgb.shape[0])).slices])


def described_items(data: Path, *, attributes: Collection[str] = (), group: str = GROUP) -> list[Described]:
    """All described pictures of a folder or table.

    Of the public sets: clothing (category and every column of ``labels.csv`` that is asked for), grocery and its studio
    pictures (category and product), ccp (tags, and that it is apparel). Of others, what `open_items` opens for
    classification: the label is the category and the attribute ``label``, further attributes are columns of the table.

    Args:
        data: the folder, or a CSV.
        attributes: which ones are wanted.
        group: the column of the table whose equal values belong together, where it is not ``group``.

    Raises:
        UsageError: nothing there, a damaged set, or an attribute that no picture has.
    """
    public = data.is_dir() and group == GROUP
    items = [*_clothing(data, attributes), *_grocery(data), *_ccp(data)] if public else []
    if not items:
        items = _own(data, attributes, group)
    unknown = sorted(name for name in attributes if not any(name in item.attributes for item in items))
    if unknown:
        raise UsageError(
            f"{data}: no picture has the attribute {unknown[0]!r}",
            remedy="name a column of the table (in training: --set attributes='[\"COLUMN\"]'), or sort the photos into "
            "class folders",
        )
    return items


def tag_names(items: Sequence[Described]) -> tuple[str, ...]:
    """All tags that occur, sorted."""
    return tuple(sorted({tag for item in items for tag in item.tags or ()}))


def with_cutouts(items: Sequence[Described], masks: Path) -> list[Described]:
    """The items, those without a mask with the one that ``packshot cutout --mask`` made of them.

    Args:
        items: of any sets.
        masks: a folder of PNGs that keep the ends of the photos' paths: ``train/Lemon/Lemon_001.png`` belongs to
            ``grocery/train/Lemon/Lemon_001.jpg``. Of several, the one with the longest common end is taken.

    Raises:
        UsageError: no mask there fits any photo, or two fit one equally well.
    """
    drawn: dict[tuple[str, ...], list[Path]] = defaultdict(list)
    for mask in pictures_in(masks, deep=True):
        for end in _ends(mask.relative_to(masks)):
            drawn[end].append(mask)
    found = []
    for item in items:
        fits = next((drawn[end] for end in reversed(_ends(item.photo)) if end in drawn), [])
        if len(fits) > 1:
            raise UsageError(
                f"{item.photo}: {fits[0]} and {fits[1]} may be its mask",
                remedy="keep the photos' folders in the masks' paths",
            )
        found.append(replace(item, mask=fits[0], kind=MaskKind.ALPHA) if fits and item.kind is None else item)
    if not any(after is not before for after, before in zip(found, items, strict=True)):
        raise UsageError(
            f"{masks}: no mask there has the name of a photo",
            remedy="make them: packshot cutout PHOTOS -o MASKS --mask",
        )
    return found


def _ends(path: Path) -> list[tuple[str, ...]]:
    """The last part of a path, the last two, ..., without the suffix; at most four."""
    parts = path.with_suffix("").parts
    return [parts[-length:] for length in range(1, min(4, len(parts)) + 1)]


def _clothing(root: Path, attributes: Collection[str]) -> Iterator[Described]:
    for folder, rows in public_tables(root, "clothing", "labels.csv"):
        for row in rows:
            photo = folder / "images" / f"{row['image']}.jpg"
            known = {name: _MARK.get(row[name], row[name]) for name in attributes if row.get(name)}
            yield Described(
                "clothing",
                Split(row["split"]),
                photo,
                label=row["label"],
                group=row["sender_id"],
                published=True,
                category=row["label"],
                attributes=known,
                tags=_GARMENT_TAGS.get(row["label"]),
            )


# What one of these lies alone in is tagged so; of the others (Outwear, Longsleeve) nobody knows which tag they are.
_GARMENT_TAGS = {
    name: frozenset({tag})
    for name, tag in {
        "Blazer": "blazer",
        "Blouse": "blouse",
        "Body": "bodysuit",
        "Dress": "dress",
        "Hat": "hat",
        "Hoodie": "hoodie",
        "Shirt": "shirt",
        "Shorts": "shorts",
        "Skirt": "skirt",
        "T-Shirt": "t-shirt",
    }.items()
}


def _grocery(root: Path) -> Iterator[Described]:
    for folder, rows in public_tables(root, "grocery", "labels.csv"):
        for row in rows:
            split = Split.VALIDATION if row["split"] == "val" else Split(row["split"])
            yield _product("grocery", split, folder / row["image"], row["class"])
    for folder, rows in public_tables(root, "grocery", "classes.csv"):
        for row in rows:
            photo = folder / "iconic" / f"{row['class']}.jpg"
            convex = row["path"].startswith("Packages/")
            kind = MaskKind.WHITE_BACKGROUND_CONVEX if convex else MaskKind.WHITE_BACKGROUND
            yield replace(_product("studio", Split.TRAIN, photo, row["class"]), mask=photo, kind=kind)


def _product(source: str, split: Split, photo: Path, name: str) -> Described:
    found = Described(source, split, photo, label=name, published=True, category=name, product=name)
    return replace(found, tags=frozenset())


def _ccp(root: Path) -> Iterator[Described]:
    for folder, rows in public_tables(root, "ccp", "tags.csv"):
        for row in rows:
            split = Split.TRAIN
            if row["annotation"] == "pixel":  # the rule of `packshot.datasets.public`
                number = int(row["photo"])
                split = Split.HOLDOUT if number % 8 == 0 else Split.VALIDATION if number % 16 == 1 else Split.TRAIN
            tags = frozenset(row["tags"].split("|")) - {"", "null"}
            photo = folder / "photos" / f"{row['photo']}.jpg"
            yield Described("ccp", split, photo, published=True, category="Apparel", tags=tags)


def _own(data: Path, attributes: Collection[str], group: str) -> list[Described]:
    table = data if data.is_file() else None
    if data.is_dir():
        table = next((file for file in sorted(data.glob("*.csv")) if is_manifest(file)), None)
    columns = read_columns(table) if table is not None and table.suffix.lower() == ".csv" else {}
    found = []
    for item in open_items(data, task="classification", group=group):
        row = columns.get(item.photo, {})
        known = {name: row[name] for name in attributes if row.get(name)}
        if LABEL in attributes and item.label:
            known[LABEL] = item.label
        values = {name: getattr(item, name) for name in Item.__dataclass_fields__}
        found.append(Described(**values, category=item.label, attributes=known, product=row.get("product") or None))
    return found
