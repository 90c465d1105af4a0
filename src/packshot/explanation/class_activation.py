"""Class-activation maps: where in a photo a network saw a label, without a second pass.

Zhou, Khosla, Lapedriza, Oliva and Torralba 2016 (Learning deep features for discriminative localization). The
network's logit is the mean over all places of ``weights[label] @ features``, plus a bias: each place's share of it is
the map. A softmax does not change when all logits grow alike, so zero means nothing on that map: it is stretched from
its least to its greatest value, as the authors' program and `packshot.evaluation.Localisation` do, not cut at zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha, Heatmap

__all__ = ["activation_maps", "file_stems", "min_max", "stretched", "working_size"]

Heat = NDArray[np.float32]

#: Longer side, in pixels, of the maps that are kept: networks' own have 7 to 32.
LONGEST = 192
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


def working_size(size: tuple[int, int]) -> tuple[int, int]:
    """(width, height) of a photo's heatmaps: its own shape, the longer side at most 192 pixels."""
    scale = min(1.0, LONGEST / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def stretched(heat: Heat, *, size: tuple[int, int], alpha: Alpha | None = None) -> Heat:
    """A heatmap at another size, bilinear, cleaned with a mask where there is one.

    Args:
        heat: float32 (h, w) in 0..1.
        size: (width, height) in pixels: of the photo, say.
        alpha: float32 (height, width) in 0..1; heat is multiplied by it, so that none is left on the background.

    Returns:
        float32 (height, width) in 0..1.
    """
    large = np.asarray(cv2.resize(heat, size, interpolation=cv2.INTER_LINEAR), np.float32)
    return large if alpha is None else large * alpha


def file_stems(heatmaps: Sequence[Heatmap]) -> list[str]:
    """A file name for each heatmap of one photo, without its ending: ``category.dress``.

    Of the labels only ASCII letters, digits, ``-`` and ``_`` are kept; names that would be equal, also where case makes
    no difference, get a number.
    """
    stems: list[str] = []
    for heatmap in heatmaps:
        parts = (re.sub(r"[^\w-]+", "-", part, flags=re.ASCII).strip("-") for part in (heatmap.head, heatmap.label))
        stem, number = ".".join(part[:24] or "label" for part in parts), 1
        taken = {each.casefold() for each in stems}
        while (numbered := stem if number == 1 else f"{stem}.{number}").casefold() in taken:
            number += 1
        stems.append(numbered)
    return stems
