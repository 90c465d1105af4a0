"""Of several photos of one product, one hit with its views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packshot.catalogue.store import Hit
from packshot.counting import counted

__all__ = ["SKU", "ProductHit", "by_product"]

#: The attribute of an item that says which product it shows. Variants have SKUs of their own, and so stay apart.
SKU = "sku"


@dataclass(frozen=True, slots=True)
class ProductHit:
    """A product found.

    Attributes:
        best: its view that looks most like the query.
        sku: of the product; None for an item of which nobody said it, which is a product of its own.
        views: all that are known of it, the best first; the others without a score of their own.
    """

    best: Hit
    sku: str | None = None
    views: tuple[Hit, ...] = ()

    def words(self) -> str:
        """For a person: the SKU, the best view, and how many more there are."""
        more = f" and {counted(len(self.views) - 1, 'more view')}" if len(self.views) > 1 else ""
        return self.best.source if self.sku is None else f"{self.sku}: {self.best.source}{more}"


def by_product(hits: Sequence[Hit], skus: Mapping[str, str]) -> list[ProductHit]:
    """Hits gathered by their products, in the order of each one's best view.

    Args:
        hits: best first.
        skus: id of an item to its SKU, where it has one.

    Example:
        >>> hits = [Hit("a", "a.jpg", 0.9), Hit("b", "b.jpg", 0.8), Hit("c", "c.jpg", 0.7)]
        >>> [[view.id for view in product.views] for product in by_product(hits, {"a": "1", "c": "1"})]
        [['a', 'c'], ['b']]
    """
    gathered: dict[tuple[bool, str], list[Hit]] = {}
    for hit in hits:
        sku = skus.get(hit.id)
        gathered.setdefault((sku is not None, hit.id if sku is None else sku), []).append(hit)
    return [
        ProductHit(best=views[0], sku=key if known else None, views=tuple(views))
        for (known, key), views in gathered.items()
    ]
