"""The photographs everything is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from packshot.datasets import UNLICENSED, Split, public_items
from packshot.datasets.items import read_rgb
from packshot.datasets.public import grocery_scenes
from packshot.values import Rgb

__all__ = ["Photos", "cover", "public_photos"]

#: Files, or pictures at hand: uint8 (h, w, 3).
Photos = Sequence[Path | Rgb]

_TRIM = 0.03  # of a photo's side: what a seller or an editor may have left along its edges


def public_photos(root: Path, split: Split) -> list[Path]:
    """Photos of the public sets, by the sets' own splits; those of a set without a licence train nothing.

    Args:
        root: ``PACKSHOT_DATA``.
        split: train or validation; other photos in each.
    """
    left_out = {"studio", *(UNLICENSED if split is Split.TRAIN else ())}
    items = {item.photo for item in public_items(root) if item.split is split and item.source not in left_out}
    return sorted(items) + grocery_scenes(root, split)


def pick(rng: np.random.Generator, photos: Photos) -> Rgb:
    """One of the photos, without its outermost pixels.

    Raises:
        UsageError: its file cannot be read.
    """
    chosen = photos[int(rng.integers(len(photos)))]
    rgb = read_rgb(chosen) if isinstance(chosen, Path) else chosen
    y, x = (int(side * _TRIM) for side in rgb.shape[:2])
    return rgb[y : rgb.shape[0] - y, x : rgb.shape[1] - x]


def cover(rng: np.random.Generator, photo: Rgb, size: tuple[int, int]) -> Rgb:
    """A random part of a photo, enlarged or reduced to a size; never stretched.

    Args:
        rng: the source of chance.
        photo: uint8 (h, w, 3).
        size: (width, height) in pixels.
    """
    width, height = size
    rows, columns = photo.shape[:2]
    zoom = rng.uniform(0.75, 1.0) * min(columns / width, rows / height)
    w, h = max(1, min(columns, round(width * zoom))), max(1, min(rows, round(height * zoom)))
    x, y = int(rng.random() * (columns - w + 1)), int(rng.random() * (rows - h + 1))
    how = cv2.INTER_AREA if zoom > 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(photo[y : y + h, x : x + w], size, interpolation=how), np.uint8)
