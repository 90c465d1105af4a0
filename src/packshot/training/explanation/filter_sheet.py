"""Filter pictures beside the photos that excite the same units: what a unit wants to see, and what it sees in fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from packshot.runtime import Network
from packshot.training.explanation.filters import filter_picture
from packshot.training.explanation.layers import layer_outputs
from packshot.training.explanation.torch_copy import TorchCopy
from packshot.values import Rgb

__all__ = ["filter_sheet"]

_SIDE = 128
_GAP, _PAPER = 2, 245


def filter_sheet(
    network: Network,
    copy: TorchCopy,
    photos: Sequence[Callable[[], Rgb]],
    layer: str,
    *,
    units: int = 6,
    seeds: int = 2,
    shown: int = 4,
    steps: int = 96,
    progress: Callable[[], None] = lambda: None,
) -> tuple[Rgb, list[int]]:
    """One row a unit: pictures made for it, then the photos that excite it most.

    Args:
        network: prepares the photos.
        copy: of the network.
        photos: each reads one, uint8 (h, w, 3); called twice, so that a large set needs no memory.
        layer: a name or number of `TorchCopy.layers`.
        units: how many, those whose answer differs most from photo to photo.
        seeds: pictures made for each.
        shown: photos beside them.
        steps: of activation maximisation.
        progress: called after each photo and each picture.

    Returns:
        uint8 (h, w, 3), and the numbers of the units.

    Raises:
        UsageError: no such layer; names the nearest.
    """
    excitement = []
    for read in photos:
        excitement.append(layer_outputs(network, copy, read(), layer).mean(axis=(1, 2)))
        progress()
    strength = np.stack(excitement)
    relative = (strength - strength.mean(0)) / (strength.std(0) + 1e-9)
    spread = strength.std(0) / (np.abs(strength).mean(0) + 1e-9)
    chosen = np.argsort(-spread, kind="stable")[:units].tolist()
    rows = []
    for unit in chosen:
        row = []
        for seed in range(seeds):
            row.append(filter_picture(copy, network.card, layer, unit, seed=seed, steps=steps, side=_SIDE))
            progress()
        row += [_square(photos[at]()) for at in np.argsort(-relative[:, unit], kind="stable")[:shown]]
        rows.append(_beside(row))
    return np.vstack([np.pad(row, ((0, _GAP), (0, 0), (0, 0)), constant_values=_PAPER) for row in rows]), chosen


def _square(rgb: Rgb) -> Rgb:
    """A photo fitted into a square."""
    scale = _SIDE / max(rgb.shape[:2])
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    whole = np.full((_SIDE, _SIDE, 3), _PAPER, np.uint8)
    y, x = (_SIDE - size[1]) // 2, (_SIDE - size[0]) // 2
    whole[y : y + size[1], x : x + size[0]] = small
    return whole


def _beside(pictures: Sequence[Rgb]) -> Rgb:
    padded = [np.pad(each, ((0, 0), (0, _GAP), (0, 0)), constant_values=_PAPER) for each in pictures]
    return np.asarray(np.hstack(padded), np.uint8)
