"""A shop's own folders: ``images/`` beside ``masks/``."""

from __future__ import annotations

from pathlib import Path

from packshot.datasets.items import Item, MaskKind, Split
from packshot.errors import UsageError

__all__ = ["masked_folder"]


def masked_folder(root: Path) -> list[Item]:
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
