"""A layer before and after fine-tuning, side by side: its channels for one photo, those that changed most first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.errors import UsageError
from packshot.training.explanation.layers import PAPER, SIDE, Maps, channel_picture
from packshot.training.explanation.torch_copy import TorchCopy
from packshot.values import Rgb

__all__ = ["change_of", "compared_picture", "same_layer"]

_GAP = 2  # pixels between the two of a pair
_BETWEEN = 12  # pixels between two pairs


def same_layer(copy: TorchCopy, other: TorchCopy, layer: str) -> str:
    """The layer of another network that stands where a layer of this one does.

    Args:
        copy: of the network.
        other: of the one before fine-tuning.
        layer: a name or number of `TorchCopy.layers`, or a published name.

    Raises:
        UsageError: the other network has another number of layers, or none of that name.
    """
    name = copy.layer(layer)
    if name not in copy.layers or layer in copy.published:  # a published name means the same in both
        return other.layer(layer)
    if len(copy.layers) != len(other.layers):
        raise UsageError(
            f"{copy.path.name} has {len(copy.layers)} layers, {other.path.name} has {len(other.layers)}",
            remedy="compare a network with itself before fine-tuning: the same architecture",
        )
    return other.layers[copy.layers.index(name)]


def change_of(before: Maps, after: Maps) -> NDArray[np.float32]:
    """How much each channel changed: 1 less the correlation of its two maps; 0 of one that is constant in both.

    Args:
        before: float32 (channels, h, w).
        after: the same shape.

    Returns:
        float32 (channels,), 0..2.

    Raises:
        UsageError: the layers have different shapes.
    """
    if before.shape != after.shape:
        raise UsageError(
            f"the layers give {before.shape} before and {after.shape} after", remedy="name a layer that both have"
        )
    one, two = (each - each.mean(axis=(1, 2), keepdims=True) for each in (before, after))
    lengths = np.sqrt((one**2).sum((1, 2)) * (two**2).sum((1, 2)))
    flat = np.equal(one, 0).all((1, 2)) & np.equal(two, 0).all((1, 2))
    return np.asarray(np.where(flat, 0, 1 - (one * two).sum((1, 2)) / np.maximum(lengths, 1e-12)), np.float32)


def compared_picture(
    before: Maps, after: Maps, *, shape: tuple[int, ...] = (1, 1), most: int = 24
) -> tuple[Rgb, list[int]]:
    """Pairs of pictures under their channel's number, before at the left, after at the right, what changed most first.

    Args:
        before: float32 (channels, h, w).
        after: the same shape.
        shape: (h, w, ...) of the photo, whose proportions the pictures have.
        most: channels to show.

    Returns:
        uint8 (h', w', 3), and the numbers of the channels.

    Raises:
        UsageError: the layers have different shapes.
    """
    order = np.argsort(-change_of(before, after), kind="stable")[:most].tolist()
    pairs = []
    for channel in order:
        # One scale for both, so that a channel that fell silent looks so.
        low = float(min(before[channel].min(), after[channel].min()))
        high = float(max(before[channel].max(), after[channel].max()))
        pictures = [channel_picture(each[channel], channel, shape, low=low, high=high) for each in (before, after)]
        pairs.append(np.hstack([pictures[0], np.full((SIDE, _GAP, 3), PAPER, np.uint8), pictures[1]]))
    columns = max(1, round(np.sqrt(len(pairs) / 2)))
    wide, high_ = pairs[0].shape[1] + _BETWEEN, SIDE + _BETWEEN
    rows = -(-len(pairs) // columns)
    whole = np.full((rows * high_ - _BETWEEN, columns * wide - _BETWEEN, 3), PAPER, np.uint8)
    for at, pair in enumerate(pairs):
        y, x = at // columns * high_, at % columns * wide
        whole[y : y + SIDE, x : x + pair.shape[1]] = pair
    return whole, order
