"""Recognise what lies in a folder, and open it as one list of items."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from packshot.counting import counted
from packshot.datasets.coco import coco_files, read_coco
from packshot.datasets.folders import class_folders, masked_folders, plain_folder
from packshot.datasets.items import Item
from packshot.datasets.manifest import GROUP, is_manifest, read_manifest
from packshot.datasets.missing_column import missing_column_words
from packshot.datasets.public import classified_public_items, public_items, public_scenes
from packshot.datasets.supervisely import read_supervisely, supervisely_folders
from packshot.datasets.yolo import read_yolo, yolo_folders
from packshot.errors import UsageError

__all__ = ["Task", "open_items"]

Task = Literal["segmentation", "classification", "frame"]

_EXPECTED = {
    "segmentation": "images/ and masks/, a CSV with the columns path and mask, COCO or Supervisely JSON, YOLO's "
    "images/ and labels/, or the public sets ccp/, people/, clothing/, grocery/",
    "classification": "one folder for each class, a CSV with the columns path and label, COCO JSON, or the public sets "
    "clothing/ or grocery/",
    "frame": "photos in a folder, the folders framed/ and unframed/, a CSV with the columns path, label and inner_box, "
    "or the public sets",
}

_FRAME_LABELS = {"framed", "unframed", None}


def open_items(root: Path, *, task: Task, max_uncertain: float = 0.06, group: str = GROUP) -> list[Item]:
    """All labelled pictures of a folder; nothing but lists of names is read.

    The first of these that lies there: the public sets, a CSV with a column ``path``, COCO JSON, Supervisely's
    ``ann/`` and ``img/``, YOLO's ``images/`` and ``labels/``, ``images/`` and ``masks/``, class folders. A file says by
    itself what it is.

    Args:
        root: the folder, or a CSV or COCO file.
        task: ``segmentation`` needs a mask for every picture, ``classification`` a label; ``frame`` takes pictures
            labelled ``framed`` or ``unframed``, and pictures without a label to draw frames around.
        max_uncertain: of the public garments, whose masks a machine made: those with a larger share of uncertain
            pixels are left out.
        group: the column of the table whose equal values belong together, where it is not ``group``.

    Returns:
        The items, one or more.

    Raises:
        UsageError: there is nothing of the kind, a file is damaged, or a mask or label is missing; says which. Or it
            is to be grouped by a column that is not there.
    """
    if root.is_file() and root.suffix.lower() != ".json":
        items = read_manifest(root, group=group)
    elif root.is_file():
        items = _without_columns(read_coco([root], name=root.stem), root, group)
    elif root.is_dir():
        items = _open_folder(root, task, max_uncertain, group)
    else:
        raise UsageError(f"{root}: no such folder or file", remedy="check the path, or set PACKSHOT_DATA")
    if not items:
        what = {"segmentation": " with masks", "classification": " with labels", "frame": ""}[task]
        remedy = f"expected {_EXPECTED[task]}"
        if task == "segmentation" and root.is_dir() and (classes := {item.label for item in class_folders(root)}):
            named = ", ".join(sorted(label for label in classes if label)[:3])
            remedy = (
                f"these look like class folders ({named}): packshot data {root} --task classification; else {remedy}"
            )
        raise UsageError(f"{root}: no pictures{what}", remedy=remedy)
    if task == "frame":
        return _frame_labels(root, items)
    bare = [item.photo for item in items if (item.kind if task == "segmentation" else item.label) is None]
    if bare:
        what = "mask" if task == "segmentation" else "label, or several"
        lacking = missing_column_words(root, "mask" if task == "segmentation" else "label")
        raise UsageError(
            f"{root}: {len(bare)} of {counted(len(items), 'picture')} {'has' if len(bare) == 1 else 'have'} no "
            f"{what}, first {bare[0]}",
            remedy=lacking or f"{task} needs one for every picture: complete them, or leave these pictures out",
        )
    return items


def _open_folder(root: Path, task: Task, max_uncertain: float, group: str) -> list[Item]:
    public = {
        "segmentation": lambda: public_items(root, max_uncertain=max_uncertain),
        "classification": lambda: classified_public_items(root),
        "frame": lambda: public_scenes(root),
    }[task]()
    if public:
        return _without_columns(public, root, group)
    tables = sorted(root.glob("*.csv"))
    manifests = [table for table in tables if is_manifest(table)]
    if manifests:
        return read_manifest(_only(manifests, root), group=group)
    return _without_columns(_open_files(root, task, tables), root, group)


def _open_files(root: Path, task: Task, tables: Sequence[Path]) -> list[Item]:
    """A folder that is neither a public set nor has a table of its pictures."""
    if task == "frame":
        return plain_folder(root)
    files = coco_files(root)
    if files:
        return read_coco(files, name=root.name)
    annotated = supervisely_folders(root)
    if annotated:
        return read_supervisely(annotated, name=root.name)
    outlined = yolo_folders(root)
    if outlined:
        return read_yolo(outlined, name=root.name)
    items = masked_folders(root)
    if not items and task == "classification":
        items = class_folders(root)
    return items if items or not tables else read_manifest(_only(tables, root))


def _without_columns(items: list[Item], root: Path, group: str) -> list[Item]:
    if group != GROUP:
        raise UsageError(
            f"{root}: no column `{group}` to group by: it is no table",
            remedy="list the pictures in a CSV with the columns path and " + group,
        )
    return items


def _frame_labels(root: Path, items: list[Item]) -> list[Item]:
    strange = sorted({item.label or "" for item in items} - {label or "" for label in _FRAME_LABELS})
    if strange:
        raise UsageError(
            f"{root}: label {strange[0]!r}, expected framed, unframed or none",
            remedy="correct the column `label`, or give a folder of plain photos",
        )
    return items


def _only(tables: Sequence[Path], root: Path) -> Path:
    if len(tables) > 1:
        raise UsageError(
            f"{root}: several tables, {', '.join(table.name for table in tables[:5])}",
            remedy="name the one that is meant, as the data instead of the folder",
        )
    return tables[0]
