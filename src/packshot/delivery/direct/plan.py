"""What becomes of a product at a shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from packshot.delivery.direct.shop import Shown
from packshot.delivery.direct.shop_log import ShopLine
from packshot.delivery.item import Item
from packshot.delivery.outcome import Change

__all__ = ["Plan", "variants_of"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a product.

    Attributes:
        product: the shop's id.
        items: that it shall show, in order.
        gone: that it shows and shall not.
        shown: what it shows now; None where the product is gone.
        changes: place of each item to how it stands.
        variants: SKU to the variants that have it.
        by_variants: what those, and variants whose picture is gone, have of their own.
    """

    product: str
    items: tuple[Item, ...]
    gone: tuple[ShopLine, ...]
    shown: tuple[Shown, ...] | None
    changes: dict[str, Change]
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def variants_of(self, item: Item) -> tuple[str, ...]:
        """Those whose own picture an item shall be: it is the first of their SKU."""
        return variants_of(item, self.items, self.variants)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to do."""
        return not self.gone and all(change is Change.SAME for change in self.changes.values())


def variants_of(item: Item, items: Sequence[Item], variants: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The variants whose own picture an item shall be: it is the first of their SKU.

    Args:
        item: one of `items`.
        items: of the product, in order.
        variants: SKU to the variants that have it.
    """
    first = next(each for each in items if each.sku == item.sku)
    return variants.get(item.sku, ()) if first.place == item.place else ()
