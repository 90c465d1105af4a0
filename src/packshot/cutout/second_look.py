"""A second look, at the photo's mirror image, where the first leaves doubt.

A network answers a mirror image a little differently. Where both answers agree nothing changes; where they do not, what
both together find likely is nearer to the truth than either, and less of it is half-transparent.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from packshot.cutout.maps import Maps, find_maps
from packshot.cutout.seen_through import open_parts
from packshot.cutout.uncertainty import uncertainty
from packshot.runtime import Network
from packshot.values import Alpha, Rgb

__all__ = ["Looks", "look"]

_DOUBT = 0.02  # the first look's uncertainty from which on a second one is taken
_WITNESSES = 1.4  # two looks at one photo count as so many that know nothing of each other
_LEAST = 0.002  # a probability is taken to be at least so far from 0 and 1


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What a network says of a photo after one look or two.

    Attributes:
        maps: those of the first look, their `alpha` of both where two were taken.
        uncertainty: the expected 1 - IoU of `maps.alpha`, 0..1, of the mean of both looks.
        first: `alpha` of the first look alone, as the network gave it.
        again: gives that of the mirror image, mirrored back; looks at most once.
    """

    maps: Maps
    uncertainty: float
    first: Alpha
    again: Callable[[], Alpha]


def look(rgb: Rgb, network: Network, *, openings: bool) -> Looks:
    """Ask a network about a photo, and about its mirror image where it is unsure.

    Args:
        rgb: uint8 (h, w, 3).
        network: a segmentation network.
        openings: take background that is seen through the product out of `Maps.alpha`; see `open_parts`.

    Raises:
        ModelMismatch: the network is no segmentation network.
    """
    maps = find_maps(rgb, network)
    first, doubt = maps.alpha, uncertainty(maps.alpha)
    again = functools.cache(lambda: _mirrored(rgb, network))
    if doubt > _DOUBT:
        maps = replace(maps, alpha=_of_both(first, again()))
        doubt = uncertainty(np.asarray((first + again()) / 2, np.float32))
    if openings:
        maps = replace(maps, alpha=open_parts(maps.alpha, maps.photo(rgb)))
    return Looks(maps, doubt, first, again)


def _of_both(one: Alpha, other: Alpha) -> Alpha:
    """The odds of both, multiplied, but for what they share: two looks of one network are no independent witnesses."""
    both = _log_odds(one) + _log_odds(other)
    return np.asarray(1 / (1 + np.exp(-_WITNESSES / 2 * both)), np.float32)


def _log_odds(probability: Alpha) -> Alpha:
    within = np.clip(probability, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(within / (1 - within)), np.float32)


def _mirrored(rgb: Rgb, network: Network) -> Alpha:
    mirrored = np.asarray(cv2.flip(rgb, 1), np.uint8)
    return np.ascontiguousarray(find_maps(mirrored, network).alpha[:, ::-1])
