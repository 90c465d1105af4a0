"""Supervisely's annotations: ``ann/NAME.jpg.json`` beside ``img/NAME.jpg``, in one folder or in several of a project.

Source: Supervisely JSON format (docs.supervisely.com, "Image Annotation JSON"): ``objects`` with ``classTitle`` and
``geometryType``; a polygon's ``points`` have an ``exterior`` and ``interior`` rings of x, y; a bitmap's ``data`` is a
PNG, compressed with zlib and written in base64, whose opaque or bright pixels are the object, laid at ``origin`` x, y.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NotRequired, TypedDict

from packshot.counting import counted
from packshot.datasets.bitmaps import bitmap_size
from packshot.datasets.items import Item, MaskKind, Split
from packshot.datasets.regions import Polygon, Region, Rings, Stamp
from packshot.datasets.splits import assign_splits, complete_splits, split_named
from packshot.errors import UsageError

__all__ = ["read_supervisely", "supervisely_folders"]


Ring = list[tuple[float, float]]


class _Outline(TypedDict):
    exterior: Ring
    interior: NotRequired[list[Ring]]


class _Bitmap(TypedDict):
    origin: tuple[float, float]
    data: str


class _Object(TypedDict):
    """An object as the format defines it; what a file has may differ, and then cannot be read."""

    geometryType: str
    points: _Outline
    bitmap: _Bitmap


def supervisely_folders(root: Path) -> list[Path]:
    """Folders that hold ``ann/`` and ``img/``: the folder itself, or those one level below it."""
    return [f for f in (root, *sorted(root.glob("*/"))) if (f / "ann").is_dir() and (f / "img").is_dir()]


def read_supervisely(folders: list[Path], *, name: str) -> list[Item]:
    """Read annotation folders; a picture's objects become one foreground, their only class its label.

    A folder named after a split (``train``, ``val``) is of that split; where none is, `assign_splits` splits
    the pictures.

    Args:
        folders: each with ``ann/`` and ``img/``.
        name: the items' source.

    Raises:
        UsageError: a file is no annotation, its picture is missing, or an object cannot be understood; names it.
    """
    splits = {folder: split_named(folder.name.lower()) for folder in folders}
    items = [
        _item(file, folder / "img", name, splits[folder] or Split.TRAIN)
        for folder in folders
        for file in sorted((folder / "ann").glob("*.json"))
    ]
    return complete_splits(items) if any(splits.values()) else assign_splits(items)


def _item(file: Path, pictures: Path, name: str, split: Split) -> Item:
    photo = pictures / file.name.removesuffix(".json")
    if not photo.is_file():
        raise UsageError(f"{file}: its picture {photo} is not there", remedy="export the project with its images")
    try:
        objects = json.loads(file.read_text(encoding="utf-8-sig"))["objects"]
        regions = tuple(_region(each) for each in objects)
        labels = {str(each["classTitle"]) for each in objects}
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError, OverflowError) as error:
        raise UsageError(
            f"{file}: not a Supervisely annotation ({type(error).__name__}: {error})",
            remedy="export polygons or bitmaps in Supervisely format",
        ) from error
    label = labels.pop() if len(labels) == 1 else None
    return Item(name, split, photo, kind=MaskKind.REGIONS, label=label, regions=regions)


def _region(each: _Object) -> Region:
    kind = each["geometryType"]
    if kind == "polygon":
        exterior, interior = each["points"]["exterior"], each["points"].get("interior", [])
        return Rings(_polygon(exterior), tuple(_polygon(ring) for ring in interior))
    if kind == "rectangle":
        (x0, y0), (x1, y1) = each["points"]["exterior"][:2]
        return _polygon([(x0, y0), (x1 + 1, y0), (x1 + 1, y1 + 1), (x0, y1 + 1)])
    if kind == "bitmap":
        x, y = each["bitmap"]["origin"]
        bitmap_size(each["bitmap"]["data"])  # refuses what is no PNG
        return Stamp((int(x), int(y)), each["bitmap"]["data"])
    raise ValueError(f"geometry {kind}, expected polygon, bitmap or rectangle")


def _polygon(points: Ring) -> Polygon:
    if len(points) < 3:
        raise ValueError(f"a ring of {counted(len(points), 'point')}, expected three or more")
    return Polygon(tuple(float(value) for x, y in points for value in (x, y)))
