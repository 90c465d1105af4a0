"""Recognise what lies in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from packshot.datasets.folders import masked_folder
from packshot.datasets.items import Item
from packshot.datasets.public import classified_public_items, public_items
from packshot.errors import UsageError

__all__ = ["Task", "open_items"]

Task = Literal["segmentation", "classification"]


def open_items(root: Path, *, task: Task, max_uncertain: float = 0.06) -> list[Item]:
    """All labelled pictures under a folder."""
    if (root / "images").is_dir() and root.name != "people":
        return masked_folder(root)
    found = public_items(root, max_uncertain=max_uncertain) if task == "segmentation" else classified_public_items(root)
    if not found:
        raise UsageError(
            f"{root}: no pictures with masks",
            remedy="expected images/ and masks/, or the sets ccp/, people/, clothing/, grocery/",
        )
    return found
