"""Garments as somebody wears them: parts of Clothing Co-Parsing's street photos, by its labels of every pixel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.datasets.described import Described
from packshot.datasets.items import Split, read_labels
from packshot.datasets.public import street_scenes
from packshot.values import Box

__all__ = ["worn_items"]

_LEAST_SHARE = 0.004  # of the photo; less is a collar or a heel
_LEAST_SIDE = 24  # in pixels

# As deep in our tree as CCP's label goes: its shirts may be blouses, its jackets coats. A suit is two garments.
_CATEGORIES = {
    "tops": "shirt blouse top sweater sweatshirt jumper cardigan",
    "t-shirt": "t-shirt",
    "hoodie": "hoodie",
    "pants": "pants jeans leggings",
    "shorts": "shorts",
    "skirt": "skirt",
    "dress": "dress",
    "jackets": "jacket cape",
    "outwear": "coat",
    "blazer": "blazer",
    "shoes": "shoes boots clogs flats heels loafers pumps sandals sneakers wedges",
    "hat": "hat",
}


def worn_items(root: Path, split: Split) -> list[Described]:
    """Each garment of the street photos of a split that our tree has a category for: its box, and that category.

    Args:
        root: folder with ``ccp/``, or that folder itself.
        split: of the photos.

    Returns:
        The garments, which share photos; none where the set does not lie there.

    Raises:
        UsageError: a label picture cannot be read.
    """
    found = []
    for item in street_scenes(root, split):
        assert item.mask is not None  # noqa: S101 - CCP has them
        labels, names = read_labels(item.mask)
        found += [
            Described("worn", split, item.photo, published=True, category=category, part=box)
            for category, box in _garments(labels, names)
        ]
    return found


def _garments(labels: NDArray[np.uint8], names: list[str]) -> Iterator[tuple[str, Box]]:
    for category, classes in _CATEGORIES.items():
        ys, xs = np.nonzero(np.isin(labels, [names.index(name) for name in classes.split() if name in names]))
        if len(ys) < _LEAST_SHARE * labels.size:
            continue
        box = Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
        if min(box.width, box.height) >= _LEAST_SIDE:
            yield category, box
