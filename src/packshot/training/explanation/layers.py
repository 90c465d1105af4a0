"""What the layers see: the outputs of a layer for one photo, as a grid of pictures."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from packshot.runtime import Network
from packshot.training.explanation.torch_copy import TorchCopy
from packshot.values import Rgb

__all__ = ["grid", "layer_outputs", "layer_picture"]

Maps = NDArray[np.float32]

_GAP = 2  # pixels between two pictures
_SIDE = 96  # of a picture in the grid
_PAPER = 245


def layer_outputs(network: Network, copy: TorchCopy, rgb: Rgb, layer: str) -> Maps:
    """What every channel of a layer gives for a photo.

    Args:
        network: prepares the photo.
        copy: of the network.
        rgb: uint8 (h, w, 3).
        layer: a name or number of `TorchCopy.layers`.

    Returns:
        float32 (channels, h', w').

    Raises:
        UsageError: no such layer; names the nearest.
    """
    with torch.no_grad():
        (values,) = copy(torch.from_numpy(network.prepare(rgb)), [copy.layer(layer)])
    return np.asarray(values[0].numpy(), np.float32)


def layer_picture(maps: Maps, *, most: int = 64) -> Rgb:
    """Channels as a grid, those that say most first; each stretched from its least to its greatest value.

    Args:
        maps: float32 (channels, h, w).
        most: channels to show.

    Returns:
        uint8 (h', w', 3).
    """
    order = np.argsort(-maps.std(axis=(1, 2)), kind="stable")[:most]
    pictures = []
    for channel in order:
        low, high = float(maps[channel].min()), float(maps[channel].max())
        levels = np.rint((maps[channel] - low) / max(high - low, 1e-9) * 255).astype(np.uint8)
        colour = cv2.applyColorMap(levels, cv2.COLORMAP_VIRIDIS)
        pictures.append(np.asarray(cv2.cvtColor(colour, cv2.COLOR_BGR2RGB), np.uint8))
    return grid(pictures)


def grid(pictures: list[Rgb], *, side: int = _SIDE) -> Rgb:
    """Pictures side by side, about as many rows as columns.

    Args:
        pictures: uint8 (h, w, 3), at least one; each is brought to one size.
        side: of a picture in the grid, in pixels.

    Returns:
        uint8 (h', w', 3).
    """
    columns = int(np.ceil(np.sqrt(len(pictures))))
    rows = -(-len(pictures) // columns)
    whole = np.full((rows * (side + _GAP) - _GAP, columns * (side + _GAP) - _GAP, 3), _PAPER, np.uint8)
    for at, picture in enumerate(pictures):
        y, x = at // columns * (side + _GAP), at % columns * (side + _GAP)
        smooth = cv2.INTER_AREA if max(picture.shape[:2]) > side else cv2.INTER_NEAREST
        whole[y : y + side, x : x + side] = cv2.resize(picture, (side, side), interpolation=smooth)
    return whole
