"""Whether a photo and an item are of one kind of product, as far as their categories tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["of_one_kind"]

_LIKELY = 0.5  # the chance of the item's kind: below it the photo is likelier of any other


def of_one_kind(category: Sequence[str], chances: Mapping[str, float]) -> bool | None:
    """Whether a photo is of an item's kind: of the topmost category of its way.

    However alike two pictures look, a cup is no shirt. Where a catalogue holds one item, that one is the nearest.

    Args:
        category: of the item, from the root down; empty where none is known.
        chances: of the photo, category to its probability, 0..1.

    Returns:
        None where the category of one of them is not known.

    Example:
        >>> chances = {"food": 0.7, "apparel": 0.3, "t-shirt": 0.2}
        >>> [of_one_kind(each, chances) for each in (("food", "milk"), ("apparel", "t-shirt"), (), ("toys",))]
        [True, False, None, None]
    """
    if not category or category[0] not in chances:
        return None
    return chances[category[0]] >= _LIKELY
