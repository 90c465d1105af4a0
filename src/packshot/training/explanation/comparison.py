"""A layer before and after fine-tuning, side by side: its channels for one photo, those that changed most first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from packshot.counting import counted
from packshot.errors import UsageError
from packshot.training.explanation.layers import PAPER, SIDE, Maps, channel_picture
from packshot.training.explanation.torch_copy import TorchCopy
from packshot.values import Rgb

__all__ = ["change_of", "change_over", "compared_picture", "moments_of", "same_layer"]

#: Of each channel before and after: both means, both means of squares, and the mean of products; float64 (5, channels).
Moments = NDArray[np.float64]

_GAP = 2  # pixels between the two of a pair
_BETWEEN = 12  # pixels between two pairs
_STILL = 1e-12  # variance in terms of the mean square, up to which a channel is constant


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
    published = next((each for each, tensor in copy.published.items() if tensor == name), None)
    if published is not None and published in other.published:  # it means the same in both
        return other.published[published]
    if name not in copy.layers:
        return other.layer(layer)
    if len(copy.layers) != len(other.layers):
        raise UsageError(
            f"{copy.path.name} has {counted(len(copy.layers), 'layer')}, {other.path.name} has {len(other.layers)}",
            remedy="compare a network with itself before fine-tuning: the same architecture",
        )
    return other.layers[copy.layers.index(name)]


def moments_of(before: Maps, after: Maps) -> Moments:
    """What `change_over` needs of one photo.

    Args:
        before: float32 (channels, h, w).
        after: the same shape.

    Raises:
        UsageError: the layers have different shapes.
    """
    if before.shape != after.shape:
        raise UsageError(
            f"the layers give {before.shape} before and {after.shape} after", remedy="name a layer that both have"
        )
    one, two = before.astype(np.float64), after.astype(np.float64)
    return np.stack([each.mean(axis=(1, 2)) for each in (one, two, one**2, two**2, one * two)])


def change_over(photos: Sequence[Moments] | NDArray[np.float64]) -> NDArray[np.float64]:
    """How much each channel changed: 1 less the correlation of its two values over all places of all photos.

    Each photo counts as much. A channel that is constant before and after has not changed: 0; one that is constant in
    one of both has nothing in common with itself: 1.

    Args:
        photos: moments of each; or all of them, float64 (photos, 5, channels).

    Returns:
        float64 (channels,), 0..2.

    Example:
        >>> ramp = np.arange(4.0).reshape(1, 2, 2)
        >>> change_over([moments_of(ramp, 3 * ramp + 1)]).round(6) + 0.0
        array([0.])
        >>> change_over([moments_of(ramp, -ramp)]).round(6)
        array([2.])
    """
    mean_one, mean_two, squares_one, squares_two, products = np.mean(photos, axis=0)
    spreads = [
        np.where(square - mean**2 > _STILL * square, square - mean**2, 0)
        for mean, square in ((mean_one, squares_one), (mean_two, squares_two))
    ]
    length, still = np.sqrt(spreads[0] * spreads[1]), (spreads[0] == 0) & (spreads[1] == 0)
    alike = np.divide(products - mean_one * mean_two, length, out=np.zeros_like(length), where=length > 0)
    return np.where(still, 0, 1 - np.clip(alike, -1, 1))


def change_of(before: Maps, after: Maps) -> NDArray[np.float64]:
    """How much each channel changed for one photo; see `change_over`."""
    return change_over([moments_of(before, after)])


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
