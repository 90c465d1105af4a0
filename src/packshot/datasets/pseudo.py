"""Photos without masks, under masks that an earlier network made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from packshot.datasets.items import Item, MaskKind, Split
from packshot.errors import UsageError

__all__ = ["pseudo_items"]


def pseudo_items(photos: Path, masks: Path, *, labelled: Iterable[Item], max_uncertain: float = 0.06) -> list[Item]:
    """Photos without labels, with the masks an earlier network gave them: training only.

    Args:
        photos: folder of the photos.
        masks: where ``packshot cutout PHOTOS --mask`` wrote its PNGs.
        labelled: photos of these are left out.
        max_uncertain: masks with a larger share of half-transparent pixels (0.1..0.9) are left out.

    Raises:
        UsageError: no mask there fits a photo.
    """
    taken = {item.photo.resolve() for item in labelled}
    items = []
    for mask in sorted(masks.glob("*.png")):
        photo = photos / f"{mask.stem}.jpg"
        if not photo.is_file() or photo.resolve() in taken:
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
