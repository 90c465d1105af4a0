"""YOLO's outlines: ``labels/NAME.txt`` for ``images/NAME.jpg``, in one folder or in one for each split.

Source: the segmentation format of Ultralytics (docs.ultralytics.com/datasets/segment), which Roboflow exports too. A
line is an object: the number of its class, then x and y of each corner of its outline, as fractions of the picture's
width and height. A line with four numbers behind the class is a box of the detection format, which outlines nothing.
The names of the classes stand in a YAML file, which is not read: labels are their numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from packshot.datasets.items import Item, MaskKind, Split
from packshot.datasets.regions import Outline
from packshot.datasets.splits import assign_splits, complete_splits, split_named
from packshot.errors import UsageError

__all__ = ["read_yolo", "yolo_folders"]

_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}
_BOX = 4  # numbers behind the class of a box


def yolo_folders(root: Path) -> list[tuple[Path, Path]]:
    """Pairs of a folder of pictures and one of labels that belong together.

    ``images/`` and ``labels/`` in the folder itself, below them one folder for each split, or the two in each split's
    own folder (``train/images/``, ``train/labels/``).
    """
    found = []
    for folder in (root, *sorted(root.glob("*/"))):
        images, labels = folder / "images", folder / "labels"
        found += [(images, labels), *((each, labels / each.name) for each in sorted(images.glob("*/")))]
    return [(images, labels) for images, labels in found if images.is_dir() and any(labels.glob("*.txt"))]


def read_yolo(folders: list[tuple[Path, Path]], *, name: str) -> list[Item]:
    """Read label files; a picture's outlines become one foreground, its only class its label.

    A folder named after a split (``train/images``, ``images/val``) is of that split; where none is, `assign_splits`
    splits the pictures. A picture without a label file, or with an empty one, shows nothing that was outlined, and is
    left out.

    Args:
        folders: as `yolo_folders` finds them.
        name: the items' source.

    Raises:
        UsageError: a label file has no picture, a line is no outline, or holds a box; names file and line.
    """
    splits = {images: _split_of(images) for images, _ in folders}
    items = [item for images, labels in folders for item in _read(images, labels, name, splits[images] or Split.TRAIN)]
    return complete_splits(items) if any(splits.values()) else assign_splits(items)


def _split_of(images: Path) -> Split | None:
    return next((split for split in map(split_named, (images.name.lower(), images.parent.name.lower())) if split), None)


def _read(images: Path, labels: Path, name: str, split: Split) -> Iterator[Item]:
    pictures = {path.stem: path for path in sorted(images.iterdir()) if path.suffix.lower() in _PICTURES}
    for file in sorted(labels.glob("*.txt")):
        photo = pictures.get(file.stem)
        if photo is None:
            raise UsageError(f"{file}: its picture is not in {images}", remedy="export the set with its images")
        objects = list(_objects(file))
        if objects:
            classes = {number for number, _ in objects}
            label = classes.pop() if len(classes) == 1 else None
            regions = tuple(outline for _, outline in objects)
            yield Item(name, split, photo, kind=MaskKind.REGIONS, label=label, regions=regions)


def _objects(file: Path) -> Iterator[tuple[str, Outline]]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({error})", remedy="export the labels anew") from error
    for place, line in enumerate(lines, start=1):
        words = line.split()
        if not words:
            continue
        number, *places = words
        try:
            points = tuple(map(float, places))
        except ValueError:
            points = (math.nan,)
        if len(points) == _BOX:
            raise UsageError(
                f"{file}: line {place} is a box, expected an outline",
                remedy="export the set for segmentation, with polygons",
            )
        if not number.isdigit() or len(points) < 6 or len(points) % 2 or not all(-1 <= point <= 2 for point in points):
            raise UsageError(
                f"{file}: line {place} is no outline in YOLO's format",
                remedy="expected a class and x y of three or more corners, as fractions of the picture",
            )
        yield number, Outline(points)
