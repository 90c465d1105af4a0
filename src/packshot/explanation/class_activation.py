"""Class-activation maps: where in a photo a network saw a label, without a second pass.

Zhou, Khosla, Lapedriza, Oliva and Torralba 2016 (Learning deep features for discriminative localization). The
network's logit is the mean over all places of ``weights[label] @ features``, plus a bias: each place's share of it is
the map. A softmax does not change when all logits grow alike, so zero means nothing on that map by itself: the mean of
the labels that exclude each other is taken away first. What is above zero then speaks for the label more than for the
average one; what is below speaks against it and is not shown. Deviation: the authors' program, and
`packshot.evaluation.Localisation` after them, stretch the map from its least to its greatest value instead, which shows
indifferent places as half warm.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from packshot.explanation.scorer import Heat

__all__ = ["WARM", "above_average", "activation_maps", "min_max", "positive"]

#: Of a map's greatest value: from here on a place is warm. Chosen for boxes on validation photos, where the largest has
#: an IoU of 0.69 with the cut-out's (0.62 of maps that are stretched and cut at 0.2), within the mask 0.78 (0.72).
WARM = 0.05
_FLAT = 1e-5  # of the greatest value: what rounding alone makes of a constant map


def activation_maps(weights: NDArray[np.float32], features: NDArray[np.float32]) -> Heat:
    """The class-activation maps of some labels: one matrix product.

    Args:
        weights: float32 (n, c), the labels' rows.
        features: float32 (c, h, w), the last feature map.

    Returns:
        float32 (n, h, w), of any range; the mean of each is the label's logit without the bias.
    """
    return np.asarray(np.tensordot(weights, features, axes=1), np.float32)


def above_average(weights: NDArray[np.float32], rows: Sequence[int]) -> NDArray[np.float32]:
    """Some labels' rows less the mean row of all labels they compete with; of a single label, its own row.

    Args:
        weights: float32 (labels, c), of all labels of one question.
        rows: which of them.

    Returns:
        float32 (len(rows), c); the same whatever is added to all logits alike.
    """
    chosen = weights[list(rows)]
    return np.asarray(chosen - weights.mean(axis=0) if len(weights) > 1 else chosen, np.float32)


def positive(heat: Heat) -> Heat:
    """What speaks for the label, 0..1: a map cut at zero, over its greatest value; what is not warm is 0.

    Below a twentieth of the greatest value no box reaches and no eye sees; spread over a background it is much, all the
    same. 0 everywhere where nothing speaks for it, and of a constant map, which says nothing of where.
    """
    low, high = float(heat.min()), float(heat.max())
    if high <= 0 or high - low <= _FLAT * max(abs(low), high):
        return np.zeros_like(heat)
    share = heat / np.float32(high)
    return np.asarray(np.where(share >= WARM, share, 0), np.float32)


def min_max(heat: Heat) -> Heat:
    """Stretch a map of any range to 0..1; a constant one, which says nothing of where, becomes 0 everywhere."""
    low, high = float(heat.min()), float(heat.max())
    if high - low <= _FLAT * max(abs(low), abs(high)):
        return np.zeros_like(heat)
    return np.asarray(np.clip((heat - low) / (high - low), 0, 1), np.float32)
