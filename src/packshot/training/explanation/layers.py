"""What the layers see: the outputs of a layer for one photo, as a grid of pictures."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from packshot.runtime import Network
from packshot.training.explanation.torch_copy import TorchCopy
from packshot.values import Rgb

__all__ = ["PAPER", "SIDE", "channel_picture", "layer_outputs", "layer_picture"]

Maps = NDArray[np.float32]

#: Pixels of a picture's side, and the grey around it.
SIDE, PAPER = 96, 245

_GAP = 2  # pixels between two pictures
_LABEL = 14  # pixels of its height
_FONT = cv2.FONT_HERSHEY_SIMPLEX, 0.38
_BACKGROUND, _INK = 20, (255, 255, 255)


def layer_outputs(network: Network, copy: TorchCopy, rgb: Rgb, layer: str) -> Maps:
    """What every channel of a layer gives for a photo.

    Args:
        network: prepares the photo.
        copy: of the network.
        rgb: uint8 (h, w, 3).
        layer: a name or number of `TorchCopy.layers`.

    Returns:
        float32 (channels, h', w'); (units, 1, 1) of a dense layer.

    Raises:
        UsageError: no such layer; names the nearest.
    """
    with torch.no_grad():
        values = copy.maps(torch.from_numpy(network.prepare(rgb)), copy.layer(layer))
    return np.asarray(values[0].numpy(), np.float32)


def layer_picture(maps: Maps, *, shape: tuple[int, ...] = (1, 1)) -> Rgb:
    """Every channel as a grid, under its number, those that say most first.

    Args:
        maps: float32 (channels, h, w); each is stretched from its least to its greatest value.
        shape: (h, w, ...) of the photo, whose proportions the pictures have.

    Returns:
        uint8 (h', w', 3).
    """
    order = np.argsort(-maps.std(axis=(1, 2)), kind="stable")
    pictures = [
        channel_picture(maps[at], int(at), shape, low=float(maps[at].min()), high=float(maps[at].max())) for at in order
    ]
    columns = int(np.ceil(np.sqrt(len(pictures))))
    rows = -(-len(pictures) // columns)
    whole = np.full((rows * (SIDE + _GAP) - _GAP, columns * (SIDE + _GAP) - _GAP, 3), PAPER, np.uint8)
    for place, picture in enumerate(pictures):
        y, x = place // columns * (SIDE + _GAP), place % columns * (SIDE + _GAP)
        whole[y : y + SIDE, x : x + SIDE] = picture
    return whole


def channel_picture(
    values: NDArray[np.float32], number: int, shape: tuple[int, ...], *, low: float, high: float
) -> Rgb:
    """One channel in colours, under its number.

    Args:
        values: float32 (h, w).
        number: of the channel.
        shape: (h, w, ...) of the photo, whose proportions the picture has: a network sees it squashed.
        low: value of the darkest colour.
        high: value of the brightest.

    Returns:
        uint8 (96, 96, 3).
    """
    levels = np.rint((values - low) / max(high - low, 1e-9) * 255).astype(np.uint8)
    colour = cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_VIRIDIS), cv2.COLOR_BGR2RGB)
    scale = SIDE / max(shape[:2])
    width, height = max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))
    smooth = cv2.INTER_AREA if max(values.shape) > SIDE else cv2.INTER_NEAREST
    picture = np.full((SIDE, SIDE, 3), PAPER, np.uint8)
    y, x = (SIDE - height) // 2, (SIDE - width) // 2
    picture[y : y + height, x : x + width] = cv2.resize(colour, (width, height), interpolation=smooth)
    text = str(number)
    (wide, _), _ = cv2.getTextSize(text, *_FONT, 1)
    picture[:_LABEL, : wide + 6] = _BACKGROUND  # legible on any colour
    cv2.putText(picture, text, (3, _LABEL - 3), *_FONT, _INK, 1, cv2.LINE_AA)
    return picture
