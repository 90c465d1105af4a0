"""Where each tag is, from a classifier of places that learnt from tags alone.

A class-activation map answers "what spoke for this label", and of tags that mostly come together, such as shoes and
trousers, it answers with the same places. A network may therefore also give, for each tag and each place of a finer
grid, a logit that it learnt in competition: every place of a person belongs to one of the photo's tags, and every tag
has its places (`packshot.training.describe.places`). What is added here is where on the product a place lies: shoes are
at the lower end of it; and that places near each other and of one colour are mostly of one thing, so that they share
heat.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.explanation.class_activation import min_max
from packshot.explanation.positions import position_basis
from packshot.explanation.scorer import Heat
from packshot.values import Alpha, Rgb

__all__ = ["contrasted", "place_maps"]

_GRID = 32  # places along each side that share heat
_COLOUR, _APART = 8.0, 0.2  # deviations: in Lab, and as a share of the photo's longer side
_SHARED = 0.9  # of a place's heat comes from those like it
_TOGETHER = 128  # places whose weights are made at once: half a megabyte stays in the cache, four take 5 times as long
_INSIDE = 0.4  # alpha from which on a place is of the product
_CONTRAST = 1.7  # power that brings 39 % of the maximum, where boxes fit validation photos best, to the usual 20 %


def place_maps(
    places: NDArray[np.float32],
    positions: NDArray[np.float32],
    *,
    shown: Sequence[int],
    among: Sequence[int],
    rgb: Rgb,
    alpha: Alpha | None = None,
) -> Heat:
    """The heatmaps of some tags.

    A place's heat is how much speaks for the tag there, stretched to 0..1, times the square root of the tag's
    probability among all that compete: the first ranks the places of one tag, the second takes away what is another's.
    Nine tenths of it are then the mean over the product's places, weighted by how near and alike in colour they are.

    Args:
        places: float32 (tags, h, w), logits.
        positions: float32 (tags, 12), weights of `position_basis`.
        shown: tags to make a map of.
        among: tags that compete for the places: those of the photo; what is shown competes in any case.
        rgb: uint8 (height, width, 3), the photo.
        alpha: float32 in 0..1 of any size, where the product is; everywhere by default.

    Returns:
        float32 (len(shown), 32, 32) in 0..1, comparable with each other; 0 beside the product.
    """
    if not shown:
        return np.zeros((0, _GRID, _GRID), np.float32)
    rows, columns = places.shape[1:]
    if alpha is None:
        alpha = np.ones((rows, columns), np.float32)
    together = sorted({*shown, *among})
    logits = places[together] + np.tensordot(positions[together], position_basis(alpha, size=(columns, rows)), axes=1)
    raised = np.exp(logits - logits.max(axis=0))
    probabilities = raised / raised.sum(axis=0)
    heat = [min_max(logits[at]) * np.sqrt(probabilities[at]) for at in (together.index(tag) for tag in shown)]
    large = [cv2.resize(each, (_GRID, _GRID), interpolation=cv2.INTER_LINEAR) for each in heat]
    return _shared(np.asarray(large, np.float32), rgb, alpha)


def contrasted(heat: Heat) -> Heat:
    """A map of `place_maps` to show, and to draw boxes from as from any heatmap: from 0 to 1, its warm parts cooler."""
    return np.asarray(min_max(heat) ** _CONTRAST, np.float32)


def _shared(heat: Heat, rgb: Rgb, alpha: Alpha) -> Heat:
    """Heat that the places of the product share, as a bilateral filter over all of them."""
    size = (_GRID, _GRID)
    ys, xs = np.nonzero(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > _INSIDE)
    if not ys.size:
        return heat
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    colour = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)[ys, xs] / _COLOUR
    longer = max(rgb.shape[:2])
    across, down = (xs + 0.5) / _GRID * rgb.shape[1] / longer, (ys + 0.5) / _GRID * rgb.shape[0] / longer
    seen = np.concatenate([colour, np.stack([across, down], 1) / _APART], 1).astype(np.float32)
    half = 0.5 * (seen**2).sum(1, keepdims=True)
    one = np.ones_like(half)
    # Minus half the squared distance of two places is one product: seen . seen' - |seen|^2 / 2 - |seen'|^2 / 2.
    left, right = np.concatenate([seen, -half, one], 1), np.ascontiguousarray(np.concatenate([seen, one, -half], 1).T)
    mine = heat[:, ys, xs]
    summed = np.concatenate([mine, one.T])  # the last row sums the weights themselves
    total = np.zeros_like(summed)
    weights = np.empty((_TOGETHER, len(ys)), np.float32)
    for start in range(0, len(ys), _TOGETHER):
        some = left[start : start + _TOGETHER]
        like = np.exp(np.matmul(some, right, out=weights[: len(some)]), out=weights[: len(some)])
        total += summed[:, start : start + _TOGETHER] @ like
    shared = np.zeros_like(heat)
    shared[:, ys, xs] = (1 - _SHARED) * mine + _SHARED * total[:-1] / total[-1]
    return np.asarray(np.clip(shared, 0, 1), np.float32)
