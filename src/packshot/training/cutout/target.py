"""What a cut-out network should say of each pixel, and how much that counts, in several channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Item, MaskKind, read_labels
from packshot.values import Alpha, Rgb

__all__ = ["CHANNELS", "PEOPLE_KINDS", "Channel", "Target", "edge_weight", "read_target", "sure_layer"]

Planes = NDArray[np.uint8]
Channel = Literal["alpha", "person", "garment", "skin"]

#: In the order of the planes: the product or subject; people with what they wear; what is worn; skin and hair.
CHANNELS: tuple[Channel, ...] = ("alpha", "person", "garment", "skin")

_SURE_NOT, _SURE = 0.15, 0.85  # between them a teacher has not decided
# Masks whose edge is loose: what lies within `_BAND` pixels of it teaches nothing.
_LOOSE = {MaskKind.TEACHER, MaskKind.OUTLINED}
_BAND = 2  # pixels on each side of a teacher's outline that teach nothing: it is drawn at 320 pixels and enlarged
#: Kinds of Caltech-101 that are people.
PEOPLE_KINDS = frozenset({"Faces", "Faces_easy"})
# Of the labels of Clothing Co-Parsing: what is carried is no part of a person, jewellery and glasses are no garment.
_CARRIED = frozenset({"bag", "purse", "wallet"})
_NO_GARMENT = frozenset({"bracelet", "earrings", "glasses", "necklace", "ring", "sunglasses", "watch", "accessories"})


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Truth and weight of each channel.

    Attributes:
        values: uint8 (h, w, 4) in the order of `CHANNELS`, 0..255.
        weights: uint8 (h, w, 4): 0 teaches nothing, 64 counts once, 255 about four times.
    """

    values: Planes
    weights: Planes

    @property
    def alpha(self) -> Alpha:
        """The first channel: float32 (h, w), 0..1."""
        return np.asarray(self.values[..., 0], np.float32) / np.float32(255)


#: The weight that counts once.
ONCE = 64


def read_target(item: Item, rgb: Rgb) -> Target:
    """What an item teaches.

    A teacher network's masks teach where it is sure, away from the outline; labels and exact masks teach everywhere.
    What nothing is known of has weight 0.

    Args:
        item: with a mask.
        rgb: its photo, uint8 (h, w, 3).

    Raises:
        UsageError: the mask cannot be read or has another size; names the file.
    """
    alpha = item.alpha_of(rgb)
    values, weights = _empty(alpha.shape)
    if item.kind in _LOOSE:
        sure = np.asarray((alpha <= _SURE_NOT) | (alpha >= _SURE), np.uint8)
        chosen = np.asarray(alpha >= 0.5, np.uint8)
        values[..., 0] = 255 * chosen
        weights[..., 0] = ONCE * (sure & (_near_edge(chosen, _BAND) == 0))
    else:
        values[..., 0] = np.rint(255 * alpha)
        weights[..., 0] = ONCE
    if not item.published:  # a shop's own pictures may show people or not
        return Target(values, weights)
    if item.source == "ccp" and item.mask is not None:
        _street(values, weights, item)
    elif item.source == "clothing":  # photos of garments that nobody wears
        weights[..., 1] = weights[..., 3] = ONCE
        values[..., 2], weights[..., 2] = values[..., 0], weights[..., 0]
    elif item.label in PEOPLE_KINDS:
        values[..., 1], weights[..., 1] = values[..., 0], weights[..., 0]
    elif item.source in {"objects", "outlined"}:  # a person may stand behind; the object is none
        weights[..., 1] = weights[..., 2] = weights[..., 3] = weights[..., 0] * (values[..., 0] > 0)
    return Target(values, weights)


def sure_layer(item: Item, alpha: Alpha) -> Alpha:
    """The alpha to cut an item out with, so that nothing of its old background comes along: float32 (h, w), 0..1.

    Args:
        item: where the alpha is from.
        alpha: float32 (h, w).
    """
    if item.kind in _LOOSE:
        tight = cv2.erode(np.asarray(alpha >= 0.7, np.float32), np.ones((3, 3), np.uint8), iterations=2)
    elif item.source == "ccp":  # hand labels are loose by a pixel
        tight = cv2.erode(alpha, np.ones((3, 3), np.uint8))
    else:
        return alpha
    return np.asarray(cv2.GaussianBlur(tight, (3, 3), 0), np.float32)


def edge_weight(alpha: Alpha) -> Planes:
    """Weights of an exact alpha: four times along its edge, once elsewhere. uint8 (h, w)."""
    radius = max(1, min(alpha.shape) // 80)
    return np.asarray(ONCE + (255 - ONCE) * _near_edge(alpha, radius), np.uint8)


def _near_edge(alpha: NDArray[np.float32] | Planes, radius: int) -> NDArray[np.float32]:
    window = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    return np.asarray(cv2.dilate(alpha, window) - cv2.erode(alpha, window), np.float32)


def _empty(shape: tuple[int, ...]) -> tuple[Planes, Planes]:
    planes = (*shape[:2], len(CHANNELS))
    return np.zeros(planes, np.uint8), np.zeros(planes, np.uint8)


def _street(values: Planes, weights: Planes, item: Item) -> None:
    assert item.mask is not None  # noqa: S101 - the caller looked
    labels, names = read_labels(item.mask)

    def is_one_of(wanted: frozenset[str]) -> NDArray[np.bool_]:
        return np.isin(labels, [number for number, name in enumerate(names) if name in wanted])

    someone = labels > 0
    carried, other, bare = is_one_of(_CARRIED), is_one_of(_NO_GARMENT), is_one_of(frozenset({"skin", "hair"}))
    values[..., 1] = 255 * (someone & ~carried)
    values[..., 2] = 255 * (someone & ~carried & ~other & ~bare)
    values[..., 3] = 255 * bare
    weights[..., 1:] = ONCE
    weights[..., 2][other | carried] = 0
