"""COCO instance annotations: outlines and runs of every product in a picture, united into one mask."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path

from packshot.counting import counted
from packshot.datasets.items import Item, MaskKind, Split
from packshot.datasets.regions import Polygon, Region, Runs
from packshot.datasets.splits import assign_splits, complete_splits, split_named
from packshot.errors import UsageError

__all__ = ["coco_files", "read_coco"]


def coco_files(root: Path) -> list[Path]:
    """Files that hold COCO annotations: in the folder, in ``annotations/``, or in its split folders.

    Where some are named ``instances_*``, as COCO's own, the others (captions, key points) are left out.
    """
    found = [
        p for pattern in ("*.json", "annotations/*.json", "*/_annotations*.json") for p in sorted(root.glob(pattern))
    ]
    instances = [path for path in found if path.stem.startswith("instances")]
    return instances or [path for path in found if _is_coco(path)]


def read_coco(files: list[Path], *, name: str) -> list[Item]:
    """Read annotation files; a picture's regions become one foreground, its only category its label.

    A file or folder named after a split (``instances_train2017.json``, ``valid/_annotations.coco.json``) is of that
    split; where none is, `assign_splits` splits the pictures.

    Args:
        files: COCO instances JSON.
        name: the items' source.

    Raises:
        UsageError: a file is no COCO JSON, a picture is missing, or an annotation cannot be understood; names it.
    """
    splits = {path: _split_of(path) for path in files}
    items = [item for path in files for item in _read(path, name, splits[path] or Split.TRAIN)]
    return complete_splits(items) if any(splits.values()) else assign_splits(items)


def _is_coco(path: Path) -> bool:
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return b'"images"' in content and b'"annotations"' in content


def _split_of(path: Path) -> Split | None:
    words = [*re.findall(r"[a-z]+", path.stem.lower()), path.parent.name.lower()]
    return next((split for split in map(split_named, words) if split), None)


def _read(path: Path, name: str, split: Split) -> list[Item]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        images = {image["id"]: image for image in content["images"]}
        categories = {category["id"]: str(category["name"]) for category in content.get("categories", [])}
        # (annotation, its image, its category's name), found here, so that ids of any kind are tried once.
        annotations = [(a, a["image_id"], categories.get(a.get("category_id"))) for a in content["annotations"]]
        strangers = [a.get("id") for a, image, _ in annotations if image not in images]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{path}: not COCO annotations ({type(error).__name__}: {error})",
            remedy="export the annotations as COCO instances JSON",
        ) from error
    if strangers:
        raise UsageError(
            f"{path}: {counted(len(strangers), 'annotation is', 'annotations are')} for no image of the file, "
            f"first annotation {strangers[0]}",
            remedy="export the annotations anew",
        )
    regions: dict[Hashable, list[Region]] = defaultdict(list)
    labels: dict[Hashable, set[str]] = defaultdict(set)
    for annotation, image, category in annotations:
        regions[image] += _regions(annotation, path)
        if category is not None:
            labels[image].add(category)
    photos = _photos(path, {key: str(image.get("file_name", "")) for key, image in images.items()})
    return [
        Item(
            name,
            split,
            photos[image],
            kind=MaskKind.REGIONS,
            label=next(iter(labels[image])) if len(labels[image]) == 1 else None,
            regions=tuple(regions[image]),
        )
        for image in images
    ]


def _photos(path: Path, names: dict[Hashable, str]) -> dict[Hashable, Path]:
    """Where the pictures lie: beside the file, in ``images/``, or in a folder of the file's own name."""
    above = path.parent.parent
    own = path.stem.removeprefix("instances_")
    folders = [path.parent, path.parent / "images", above / own, above / "images" / own, above / "images", above]
    found: dict[Hashable, Path] = {}
    for image, name in names.items():
        places = (folder / name.replace("\\", "/") for folder in folders)
        place = next((place for place in places if name and place.is_file()), None)
        if place:
            found[image] = place
    missing = [name for image, name in names.items() if image not in found]
    if missing:
        raise UsageError(
            f"{path}: {len(missing)} of {counted(len(names), 'picture')} {'is' if len(missing) == 1 else 'are'} not "
            f"there, first {', '.join(missing[:3])}",
            remedy="put the pictures beside the file, or into images/",
        )
    if len(set(found.values())) < len(found):
        raise UsageError(f"{path}: two images have the same file_name", remedy="export the annotations anew")
    return found


def _regions(annotation: Mapping[str, object], path: Path) -> list[Region]:
    outline = annotation.get("segmentation")
    try:
        if isinstance(outline, dict):
            height, width = (int(side) for side in outline["size"])
            counts = outline["counts"]
            return [Runs((height, width), counts if isinstance(counts, str) else tuple(int(c) for c in counts))]
        if not isinstance(outline, list) or not outline:
            raise ValueError("no outline, only a box" if annotation.get("bbox") else "no outline")
        return [_polygon(points) for points in outline]
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"{path}: the segmentation of annotation {annotation.get('id')} cannot be understood ({error})",
            remedy="export polygons or run lengths for every annotation",
        ) from error


def _polygon(points: Sequence[float]) -> Polygon:
    values = tuple(float(point) for point in points)
    if len(values) < 6 or len(values) % 2 or not all(abs(value) < 1e6 for value in values):
        raise ValueError(f"a polygon of {counted(len(values), 'number')}, expected x, y of three corners or more")
    return Polygon(values)
