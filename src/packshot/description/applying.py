"""Which questions a product is asked: an attribute belongs to categories, and a drill is not for kids."""

from __future__ import annotations

from collections.abc import Collection

from packshot.heads import Head, HeadKind
from packshot.values import CATEGORY

__all__ = ["applies"]


def applies(head: Head, categories: Collection[str] | None) -> bool:
    """Whether a head says anything of a product.

    Where the category is not known, nor is whether its attributes apply. A network without categories says all.

    Args:
        head: of the network.
        categories: ids of the answered category and of those above it; None of a network without categories.

    Example:
        >>> kids = Head(name="kids", kind="choice", labels=("no", "yes"), categories=("apparel",))
        >>> applies(kids, ["apparel", "hat"]), applies(kids, ["groceries", "banana"]), applies(kids, [])
        (True, False, False)
    """
    if head.kind is not HeadKind.CHOICE or head.name == CATEGORY or categories is None:
        return True
    return bool(categories) and (not head.categories or any(each in head.categories for each in categories))
