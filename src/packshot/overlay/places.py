"""Where overlays lie: from a network's map of cells to boxes, and to a marketplace's grid of fields."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha, Box, Overlays

__all__ = ["SURE", "boxes_of", "covered_cells", "covers_product", "share_on", "touched_fields"]

#: The score from which on a photo whose product bears overlays goes to review: one ordinary photo in a hundred reaches
#: it (docs/benchmarks.md#overlays).
SURE = 0.98

Cells = NDArray[np.bool_]

_COVERED = 0.5  # probability of a cell, from which on it is overlaid
_ON_PRODUCT = 0.1  # of the overlays' area: less goes with the background
_FIELDS = 10  # of the grid, in each direction
_TOUCHED = 0.05  # of a field's area: below it, the field is free


def covered_cells(places: NDArray[np.float32]) -> Cells:
    """The cells of a picture that are overlaid.

    Args:
        places: float32 (n, m) in 0..1, the probability of each cell.

    Returns:
        bool (n, m): the likely ones; the likeliest alone, where none is.
    """
    covered = places >= _COVERED
    return covered if covered.any() else np.asarray(places == places.max(), np.bool_)


def boxes_of(cells: Cells, *, size: tuple[int, int]) -> tuple[Box, ...]:
    """Boxes round what hangs together, letters of a word with a gap between them too.

    Args:
        cells: bool (n, m).
        size: (width, height) of the picture, pixels.

    Returns:
        In pixels of the picture, the largest first.
    """
    rows, columns = cells.shape
    width, height = size
    joined = cv2.dilate(cells.astype(np.uint8), np.ones((1, 3), np.uint8))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    boxes = []
    for label in range(1, count):
        found_rows, found_columns = np.nonzero((labels == label) & cells)
        boxes.append(
            Box(
                int(found_columns.min() * width / columns),
                int(found_rows.min() * height / rows),
                min(width, int(np.ceil((found_columns.max() + 1) * width / columns))),
                min(height, int(np.ceil((found_rows.max() + 1) * height / rows))),
            )
        )
    return tuple(sorted(boxes, key=lambda box: -box.area))


def touched_fields(cells: Cells) -> int:
    """How many of the 10 x 10 fields of a picture are overlaid to a twentieth or more.

    Rakuten counts a field that text touches at all; the cells of a network reach a little beyond what they mark.

    Args:
        cells: bool (n, m).

    Example:
        >>> half = np.zeros((32, 32), bool)
        >>> half[:, :16] = True
        >>> touched_fields(half)
        50
    """
    share = cv2.resize(cells.astype(np.float32), (_FIELDS, _FIELDS), interpolation=cv2.INTER_AREA)
    return int((share >= _TOUCHED).sum())


def share_on(cells: Cells, alpha: Alpha) -> float:
    """The share of the overlaid cells' area that lies on the product, 0..1; 0 where no cell is overlaid.

    Args:
        cells: bool (n, m).
        alpha: float32 (h, w) in 0..1, the product.
    """
    rows, columns = cells.shape
    product = cv2.resize(alpha, (columns, rows), interpolation=cv2.INTER_AREA)
    return float(product[cells].mean().clip(0, 1)) if cells.any() else 0.0


def covers_product(overlays: Overlays) -> bool:
    """Whether overlays lie on the product itself, where no cut-out removes them, so surely that a person should look.

    Example:
        >>> covers_product(Overlays(found=True, score=0.99, fields=9, on_product=0.4))
        True
        >>> covers_product(Overlays(found=True, score=0.99, fields=9, on_product=0.0))
        False
    """
    return overlays.found and overlays.score >= SURE and overlays.on_product >= _ON_PRODUCT
