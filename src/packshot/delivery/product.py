"""A product as feeds have it: its pictures in the order of their views."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from packshot.delivery.item import Item

__all__ = ["Product", "products_of"]


@dataclass(frozen=True, slots=True)
class Product:
    """A product with the addresses of its pictures.

    Attributes:
        sku: of the product.
        title: of its first picture that has one; empty without.
        pictures: address and alt text of each, the main one first.
    """

    sku: str
    title: str
    pictures: tuple[tuple[str, str], ...]


def products_of(items: Iterable[Item], url: Callable[[Item], str]) -> list[Product]:
    """The products of some pictures.

    Args:
        items: ordered by SKU and view.
        url: the address of a picture.
    """
    found = []
    for sku, group in groupby(items, key=lambda item: item.sku):
        views = list(group)
        title = next((item.title for item in views if item.title), "")
        found.append(Product(sku, title, tuple((url(item), item.alt) for item in views)))
    return found
