"""The products in a photo: a box for every hot part of every label that was answered, each thing once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from packshot.values import Product

__all__ = ["Sighting", "each_once"]

#: Intersection over union from which on two boxes show the same place.
SAME = 0.7


@dataclass(frozen=True, slots=True)
class Sighting:
    """A product, and what else it may be called.

    Attributes:
        product: label, score and box.
        names: its name, and those of the categories above it.
    """

    product: Product
    names: tuple[str, ...]

    def repeats(self, other: Sighting) -> bool:
        """Whether two sightings are one thing: boxes with an IoU of at least 0.7, and related names.

        Names are related if all words of one are among the other's, as in "T-Shirt" and "shirt"; case and a final s
        make no difference. Other labels may share a place: a belt lies within the dress.
        """
        if self.product.box.iou(other.product.box) < SAME:
            return False
        mine, theirs = map(_words, self.names), [_words(name) for name in other.names]
        return any(one <= two or two <= one for one in mine for two in theirs)


def each_once(sightings: Sequence[Sighting]) -> tuple[Product, ...]:
    """Non-maximum suppression: of sightings of one thing, the first stays.

    Args:
        sightings: the most telling first: the category's, then tags', likeliest first.
    """
    kept: list[Sighting] = []
    for sighting in sightings:
        if not any(sighting.repeats(other) for other in kept):
            kept.append(sighting)
    return tuple(sighting.product for sighting in kept)


def _words(name: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") or word for word in re.findall(r"\w+", name.casefold()))
