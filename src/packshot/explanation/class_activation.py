"""Class-activation maps: where in a photo a network saw a label, without a second pass.

Zhou, Khosla, Lapedriza, Oliva and Torralba 2016 (Learning deep features for discriminative localization). The
network's logit is the mean over all places of ``weights[label] @ features``, plus a bias: each place's share of it is
the map. A softmax does not change when all logits grow alike, so zero means nothing on that map: it is stretched from
its least to its greatest value, as the authors' program and `packshot.evaluation.Localisation` do, not cut at zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["activation_maps", "min_max"]

Heat = NDArray[np.float32]

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


def min_max(heat: Heat) -> Heat:
    """Stretch a map of any range to 0..1; a constant one, which says nothing of where, becomes 0 everywhere."""
    low, high = float(heat.min()), float(heat.max())
    if high - low <= _FLAT * max(abs(low), abs(high)):
        return np.zeros_like(heat)
    return np.asarray(np.clip((heat - low) / (high - low), 0, 1), np.float32)
