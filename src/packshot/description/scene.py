"""Several products in one photo: each proposal classified on its own crop, and given its place in the tree.

What proposes are parts of the garments that differ in colour, and the places of tags; where nobody wears them, each
separate piece of the mask before its parts. What is kept is what its own crop says surely. Measured on street photos
with a label for every pixel, see docs/decisions/0070-describe-by-the-rule.md: three products in four are missed, and
one box in five lies elsewhere. For a person to look at, not for a table.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.description.network import Describer
from packshot.explanation import colour_parts, hot_boxes
from packshot.heads import HeadKind
from packshot.values import Alpha, Box, Mask, Rgb, Thing
from packshot.values.box import AROUND

__all__ = ["things_in_scene"]

Flags = NDArray[np.bool_]

#: The probability that a crop's answer must have.
SURE = 0.95
_LEAST = 12  # pixels of a crop's sides
_SAME = 0.5  # of the smaller of two boxes: from here on they are one thing
_WORN = 0.05  # of the mask that is a person: from here on garments are worn, and one piece may be several of them
_PIECE = 0.02  # of the mask: a smaller piece is no product of its own
_INSIDE = 0.5  # chance from which on a place is a garment
_LIKELY, _TAGS, _PLACES = 0.15, 8, 2  # probability of tags whose places are looked at; how many, and of each how many


def things_in_scene(
    describe: Describer, rgb: Rgb, garment: Alpha | None, mask: Mask | None = None, person: Alpha | None = None
) -> tuple[Thing, ...]:
    """The products that are surely told on their own crops, whole pieces first, then the surest.

    Args:
        describe: with a category, in our tree or the shop's own.
        rgb: uint8 (h, w, 3).
        garment: float32 (h, w) in 0..1, where garments are; None of a network that does not say: then tags alone
            propose.
        mask: where the products and whoever wears them are; cleans the places of tags.
        person: float32 (h, w) in 0..1, where persons are; None of a network that does not say: then they may be worn.

    Raises:
        ModelMismatch: the network's answer is no answer.
        ValueError: the mask has another size than the photo.
    """
    pieces = [] if mask is None or person is None else _pieces_alone(mask.alpha >= _INSIDE, person >= _INSIDE)
    found = [*pieces, *([] if garment is None else colour_parts(rgb, garment >= _INSIDE))]
    found += _places_of_tags(describe, rgb, mask)
    things = [thing for box in dict.fromkeys(found) if (thing := _told(describe, rgb, box)) is not None]
    return _each_once(sorted(things, key=lambda thing: (thing.box not in pieces, -thing.score)))


def _pieces_alone(product: Flags, person: Flags) -> list[Box]:
    """The separate pieces of a mask, where nobody wears what it shows."""
    area = np.count_nonzero(product)
    if not area or np.count_nonzero(product & person) >= _WORN * area:
        return []
    _, _, stats, _ = cv2.connectedComponentsWithStats(product.astype(np.uint8))
    return [Box(x, y, x + w, y + h) for x, y, w, h, size in stats[1:].tolist() if size >= _PIECE * area]


def _places_of_tags(describe: Describer, rgb: Rgb, mask: Mask | None) -> list[Box]:
    """Where the likelier tags are, answered or not."""
    reading, whole = describe.read(rgb, mask), Box(0, 0, rgb.shape[1], rgb.shape[0])
    found: list[Box] = []
    for head in describe.heads:
        if head.kind is not HeadKind.TAGS:
            continue
        chances = reading.probabilities(head)
        likely = [at for at in np.argsort(-chances) if chances[at] >= _LIKELY and head.labels[at] not in head.ignored]
        for at in likely[:_TAGS]:
            heatmap = reading.heatmap(head, head.labels[at])
            if heatmap is not None:
                found += hot_boxes(heatmap.heat, size=(whole.width, whole.height), within=whole)[:_PLACES]
    return found


def _told(describe: Describer, rgb: Rgb, box: Box) -> Thing | None:
    crop = rgb[box.widened(AROUND, within=(rgb.shape[1], rgb.shape[0])).slices]
    if min(crop.shape[:2]) < _LEAST:
        return None
    category = describe(np.ascontiguousarray(crop)).category
    path = () if category is None else tuple(choice for choice in category.path if choice.score >= SURE)
    return Thing(path, box) if len(path) > 1 else None


def _each_once(things: Sequence[Thing]) -> tuple[Thing, ...]:
    """Of boxes that mostly lie in one another and belong to one branch of the tree, the surest."""
    kept: list[Thing] = []
    for thing in things:
        if all(thing.path[1].label != other.path[1].label or _shared(thing.box, other.box) < _SAME for other in kept):
            kept.append(thing)
    return tuple(kept)


def _shared(one: Box, other: Box) -> float:
    """What two boxes share, of the smaller one."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(0, across) * max(0, down) / min(one.area, other.area)
