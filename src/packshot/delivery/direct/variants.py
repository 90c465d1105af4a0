"""Pictures that variants of a product have of their own: of each the first of its SKU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packshot.delivery.direct.shop_log import ShopLine

__all__ = ["concerned", "pictures_before", "pictures_wanted"]

ByVariant = Mapping[str, tuple[str, ...]]


def concerned(variants: Mapping[str, tuple[str, ...]], gone: Sequence[ShopLine]) -> list[str]:
    """Ids of the variants that may change.

    Args:
        variants: SKU to the variants that have it.
        gone: pictures that are to be shown no longer.
    """
    mine = (*variants.values(), *(line.variants for line in gone))
    return list(dict.fromkeys(each for ids in mine for each in ids))


def pictures_wanted(
    variants: Mapping[str, tuple[str, ...]], first: Mapping[str, str], gone: Sequence[ShopLine], shown: ByVariant
) -> dict[str, tuple[str, ...]]:
    """What variants shall have of their own.

    Args:
        variants: SKU to the variants that have it.
        first: SKU to the first of its pictures that the product shows.
        gone: pictures that are to be shown no longer: the variants that have them have none then.
        shown: what they have.
    """
    wanted: dict[str, tuple[str, ...]] = {}
    for line in gone:
        wanted |= {each: () for each in line.variants if shown.get(each) == (line.picture,)}
    for sku, picture in first.items():
        wanted |= {each: (picture,) for each in variants.get(sku, ()) if each in shown}
    return wanted


def pictures_before(before: ByVariant, shown: ByVariant, ours: set[str]) -> dict[str, tuple[str, ...]]:
    """What variants shall have again; what somebody else gave one since stays.

    Args:
        before: what they had.
        shown: what they have.
        ours: pictures that were delivered.
    """
    return {
        each: pictures
        for each, pictures in before.items()
        if each in shown and shown[each] != pictures and ours.issuperset(shown[each])
    }
