"""Where pictures with masks come from: the public sets under ``PACKSHOT_DATA``, as one list of items.

Splits are fixed by rule, so that everybody means the same photos:

======== ============================ =========================== ==============
set      holdout (report only)        validation (choose)         train
======== ============================ =========================== ==============
ccp      photo number % 8 == 0        photo number % 16 == 1      the rest
people   place in sorted list % 6 == 0 place % 12 == 1            the rest
clothing (masks are machine-made)     the set's own `validation`  the set's own `train`
studio   class id % 5 == 0            class id % 10 == 1          the rest
======== ============================ =========================== ==============

Nothing is tuned, stopped early or chosen on the holdout.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np

from packshot.errors import UsageError
from packshot.values import Alpha, Rgb

__all__ = [
    "Item",
    "MaskKind",
    "Split",
    "folder_items",
    "grocery_scenes",
    "labelled_items",
    "packshot_items",
    "pseudo_items",
    "street_scenes",
]


class Split(StrEnum):
    """What a photo is used for."""

    TRAIN = "train"
    VALIDATION = "validation"
    HOLDOUT = "holdout"


class MaskKind(StrEnum):
    """How a mask is stored."""

    LABELS = "labels"
    ALPHA = "alpha"
    WHITE_GROUND = "white-ground"
    WHITE_GROUND_CONVEX = "white-ground-convex"


@dataclass(frozen=True, slots=True)
class Item:
    """One photo with its mask, still on disk.

    Attributes:
        source: the set it belongs to.
        split: what it may be used for.
        photo: path of the picture.
        mask: path of the mask; the photo itself for a studio picture on white ground.
        kind: how to read the mask.
    """

    source: str
    split: Split
    photo: Path
    mask: Path
    kind: MaskKind

    def rgb(self) -> Rgb:
        """The photo: uint8 (h, w, 3)."""
        return read_rgb(self.photo)

    def alpha(self) -> Alpha:
        """The mask: float32 (h, w), 0..1."""
        if self.kind in {MaskKind.WHITE_GROUND, MaskKind.WHITE_GROUND_CONVEX}:
            return white_ground_alpha(self.rgb(), convex=self.kind is MaskKind.WHITE_GROUND_CONVEX)
        grey = cv2.imread(str(self.mask), cv2.IMREAD_GRAYSCALE)
        if grey is None:
            raise ValueError(f"{self.mask}: cannot be read as a mask")
        if self.kind is MaskKind.LABELS:
            return (grey > 0).astype(np.float32)
        return grey.astype(np.float32) / 255.0


def read_rgb(path: Path) -> Rgb:
    """Read a training picture: uint8 (h, w, 3).

    Raises:
        ValueError: naming the file, when it cannot be decoded.
    """
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise ValueError(f"{path}: cannot be read as a picture")
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)  # type: ignore[return-value]


def white_ground_alpha(rgb: Rgb, *, tolerance: int = 10, convex: bool = False) -> Alpha:
    """Alpha of a studio picture: everything white that is connected to the border is background.

    The outermost pixel, which holds the white of the ground, is given up; the edge gets one pixel of softness.

    Args:
        rgb: uint8 (h, w, 3) on white.
        tolerance: how far from 255 still counts as white ground.
        convex: fill to the convex hull: a white carton whose face runs into the ground is still a whole carton.

    Returns:
        float32 (h, w), 0..1.
    """
    white = (cv2.medianBlur(rgb, 3).min(axis=2) >= 255 - tolerance).astype(np.uint8)
    padded = cv2.copyMakeBorder(white, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, labels = cv2.connectedComponents(padded, connectivity=4)
    foreground = (labels[1:-1, 1:-1] != labels[0, 0]).astype(np.uint8)
    foreground = cv2.morphologyEx(foreground, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    points = cv2.findNonZero(foreground)
    if convex and points is not None:
        cv2.fillConvexPoly(foreground, cv2.convexHull(points), 1)
    foreground = cv2.erode(foreground, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    return np.asarray(cv2.GaussianBlur(foreground.astype(np.float32), (3, 3), 0), np.float32)


def packshot_items(root: Path, *, max_uncertain: float = 0.06) -> list[Item]:
    """All labelled pictures under `root` (``PACKSHOT_DATA``).

    Args:
        root: folder with ``ccp/ people/ clothing/ grocery/``.
        max_uncertain: machine-made garment masks with a larger share of uncertain pixels are left out.
    """
    items = [*_ccp(root), *_people(root), *_clothing(root, max_uncertain), *_studio(root)]
    if not items:
        raise UsageError(
            f"{root}: no pictures with masks",
            remedy="expected images/ and masks/, or the sets ccp/, people/, clothing/, grocery/",
        )
    return items


def pseudo_items(root: Path, masks: Path, *, max_uncertain: float = 0.06) -> list[Item]:
    """Street photos without labels, with the masks an earlier network gave them: training only.

    Args:
        root: ``PACKSHOT_DATA``.
        masks: where ``packshot cutout $PACKSHOT_DATA/ccp/photos --mask`` wrote its PNGs.
        max_uncertain: masks with a larger share of half-transparent pixels (0.1..0.9) are left out.

    Raises:
        UsageError: no mask there fits a photo.
    """
    labelled = {path.stem for path in (root / "ccp" / "labels").glob("*.png")}
    items = []
    for mask in sorted(masks.glob("*.png")):
        photo = root / "ccp" / "photos" / f"{mask.stem}.jpg"
        if mask.stem in labelled or not photo.is_file():
            continue
        item = Item("pseudo", Split.TRAIN, photo, mask, MaskKind.ALPHA)
        alpha = item.alpha()
        if np.mean((alpha > 0.1) & (alpha < 0.9)) <= max_uncertain and alpha.mean() >= 0.02:
            items.append(item)
    if not items:
        raise UsageError(
            f"{masks}: no mask of an unlabelled photo", remedy="make them with packshot cutout --mask, or leave it out"
        )
    return items


def folder_items(root: Path) -> list[Item]:
    """A shop's own data: ``images/`` and ``masks/`` with equal stems.

    In the order of names, the second of every ten is validation; the first of every ten is holdout where there are
    at least ten.
    """
    images = {p.stem: p for p in sorted((root / "images").iterdir()) if p.is_file()}
    masks = {p.stem: p for p in sorted((root / "masks").glob("*")) if p.is_file()}
    without = sorted(set(images) - set(masks))
    if without or not images:
        raise UsageError(
            f"{root}: {len(without)} of {len(images)} images have no mask of the same name, first {without[:3]}",
            remedy="put one mask per image into masks/, with the image's name",
        )
    splits = {0: Split.HOLDOUT, 1: Split.VALIDATION} if len(images) >= 10 else {1: Split.VALIDATION}
    return [
        Item(root.name, splits.get(i % 10, Split.TRAIN), images[stem], masks[stem], MaskKind.ALPHA)
        for i, stem in enumerate(sorted(images))
    ]


def labelled_items(root: Path, *, max_uncertain: float = 0.06) -> list[Item]:
    """All labelled pictures under a folder: a shop's own ``images/`` and ``masks/``, or the public sets.

    Raises:
        UsageError: the folder holds neither, or an image has no mask.
    """
    return folder_items(root) if (root / "images").is_dir() else packshot_items(root, max_uncertain=max_uncertain)


def street_scenes(root: Path, split: Split) -> list[Item]:
    """Street photos with their person masks: backgrounds for composites, of the same split."""
    return [item for item in _ccp(root) if item.split is split]


def grocery_scenes(root: Path, split: Split) -> list[Path]:
    """Shop photos as backgrounds: ``grocery/train`` for training, ``grocery/val`` otherwise."""
    folder = root / "grocery" / ("train" if split is Split.TRAIN else "val")
    return sorted(folder.rglob("*.jpg"))


def _ccp(root: Path) -> Iterator[Item]:
    for mask in sorted((root / "ccp" / "labels").glob("*.png")):
        number = int(mask.stem)
        split = Split.HOLDOUT if number % 8 == 0 else Split.VALIDATION if number % 16 == 1 else Split.TRAIN
        yield Item("ccp", split, root / "ccp" / "photos" / f"{mask.stem}.jpg", mask, MaskKind.LABELS)


def _people(root: Path) -> Iterator[Item]:
    photos = {p.stem: p for p in (root / "people" / "images").glob("*")}
    for place, mask in enumerate(sorted((root / "people" / "masks").glob("*"))):
        split = Split.HOLDOUT if place % 6 == 0 else Split.VALIDATION if place % 12 == 1 else Split.TRAIN
        yield Item("people", split, photos[mask.stem], mask, MaskKind.ALPHA)


def _clothing(root: Path, max_uncertain: float) -> Iterator[Item]:
    folder = root / "clothing"
    if not (folder / "masks.csv").exists():
        return
    with (folder / "labels.csv").open(newline="") as file:
        splits = {row["image"]: row["split"] for row in csv.DictReader(file)}
    with (folder / "masks.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            share, uncertain = float(row["foreground_share"]), float(row["uncertain_share"])
            if uncertain > max_uncertain or not 0.05 <= share <= 0.9:
                continue
            name = row["image"]
            yield Item(
                "clothing",
                Split(splits.get(name, "train")),
                folder / "images" / f"{name}.jpg",
                folder / "masks" / f"{name}.png",
                MaskKind.ALPHA,
            )


def _studio(root: Path) -> Iterator[Item]:
    table = root / "grocery" / "classes.csv"
    if not table.exists():
        return
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            number = int(row["class_id"])
            split = Split.HOLDOUT if number % 5 == 0 else Split.VALIDATION if number % 10 == 1 else Split.TRAIN
            photo = root / "grocery" / "iconic" / f"{row['class']}.jpg"
            package = row["path"].startswith("Packages/")
            kind = MaskKind.WHITE_GROUND_CONVEX if package else MaskKind.WHITE_GROUND
            yield Item("studio", split, photo, photo, kind)
