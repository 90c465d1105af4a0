"""Where each tag is, from a classifier of places that learnt from tags alone.

A class-activation map answers "what spoke for this label", and of tags that mostly come together, such as shoes and
trousers, it answers with the same places. A network may therefore also give, for each tag and each place of a finer
grid, a logit that it learnt in competition: every place of a person belongs to one of the photo's tags, and every tag
has its places (`packshot.training.placing`). What is added here is where on the product a place lies: shoes are at the
lower end of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.description.heatmap import Heat, min_max
from packshot.values import Alpha

__all__ = ["POSITIONS", "place_maps", "position_basis"]

_BANDS = np.linspace(-1, 1, 9)  # heights on the product, from its upper to its lower end
_BAND = 0.2
_NARROWEST = 0.3  # of its height: a product is taken to be at least so wide
_FARTHEST = 2.0

#: How many numbers say where on the product a place is.
POSITIONS = 3 + len(_BANDS)


def position_basis(alpha: Alpha, *, size: tuple[int, int]) -> NDArray[np.float32]:
    """Where each place of a grid lies on the product: how far to the side, and how high.

    Args:
        alpha: float32 (h, w) in 0..1; one without a product counts as full.
        size: (columns, rows) of the grid.

    Returns:
        float32 (12, rows, columns): across, its distance from the middle, down, each -1..1 from edge to edge of the
        product, and nine bands of height.
    """
    columns, rows = size
    inside = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > 0.5
    ys, xs = np.nonzero(inside)
    top, bottom, left, right = (ys.min(), ys.max() + 1, xs.min(), xs.max() + 1) if ys.size else (0, rows, 0, columns)
    height = bottom - top
    y = (np.arange(rows) + 0.5 - top) / height * 2 - 1
    x = (np.arange(columns) + 0.5 - (left + right) / 2) / max(right - left, _NARROWEST * height) * 2
    down, across = np.meshgrid(y, x, indexing="ij")
    bands = [np.exp(-(((down - band) / _BAND) ** 2)) for band in _BANDS]
    basis = np.stack([across, np.abs(across), down, *bands])
    return np.asarray(np.clip(basis, -_FARTHEST, _FARTHEST), np.float32)


def place_maps(
    places: NDArray[np.float32],
    positions: NDArray[np.float32],
    *,
    shown: Sequence[int],
    among: Sequence[int],
    alpha: Alpha | None = None,
) -> Heat:
    """The heatmaps of some tags.

    A place's heat is how much speaks for the tag there, stretched to 0..1, times the square root of the tag's
    probability among all that compete: the first ranks the places of one tag, the second takes away what is another's.

    Args:
        places: float32 (tags, h, w), logits.
        positions: float32 (tags, 12), weights of `position_basis`.
        shown: tags to make a map of.
        among: tags that compete for the places: those of the photo; what is shown competes in any case.
        alpha: float32 in 0..1 of any size, where the product is; everywhere by default.

    Returns:
        float32 (len(shown), h, w) in 0..1.
    """
    rows, columns = places.shape[1:]
    if alpha is None:
        alpha = np.ones((rows, columns), np.float32)
    together = sorted({*shown, *among})
    logits = places[together] + np.tensordot(positions[together], position_basis(alpha, size=(columns, rows)), axes=1)
    raised = np.exp(logits - logits.max(axis=0))
    probabilities = raised / raised.sum(axis=0)
    heat = [min_max(logits[at]) * np.sqrt(probabilities[at]) for at in (together.index(tag) for tag in shown)]
    return np.asarray(heat, np.float32).reshape(len(shown), rows, columns)
