"""Products that a catalogue has several times: items that look like one product, in photos of their own.

`packshot.duplicates` finds the same photo again. Here another photo counts, taken anew, as far as embeddings tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from packshot.catalogue.record import Embedding
from packshot.catalogue.search import SKU
from packshot.catalogue.store import Filter, Hit, Store
from packshot.catalogue.store.batches import in_batches
from packshot.counting import counted
from packshot.errors import UsageError
from packshot.runtime import MatchRule

__all__ = ["SAME_PRODUCT", "ListedItem", "RepeatedProduct", "RepeatedProducts", "find_repeated_products"]

SAME_PRODUCT = MatchRule(
    threshold=0.9, groups={"apparel": 0.95}, precision=0.979, coverage=0.649, queries=296, ground="photo"
)
"""Cosines from which on two photos are taken to show one product, by its kind; where that is not known, the strictest.

``python benchmarks/repeated_products.py``; see ``docs/decisions/0076-one-product-in-new-photos.md``.
"""

_NEAREST, _WIDER, _MOST = 20, 5, 500  # hits asked for, how many times as many while all match, and at most
_AT_ONCE = 256  # items asked about, and records read

_Key = tuple[bool, str]
"""A product: whether it has a SKU, and that, or else the item's id."""


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item of a product that is there several times.

    Attributes:
        id: of the item.
        source: of the item.
        sku: of the product that it is listed under; None where nobody said it.
        score: cosine of the angle between it and the first item, or the view of that one's product which is nearest,
            -1..1; 1 for the first one.
    """

    id: str
    source: str
    sku: str | None
    score: float


@dataclass(frozen=True, slots=True)
class RepeatedProduct:
    """Two or more items that look like one product: the first one looks like each of the others.

    Attributes:
        items: the first one, then the others by score. Of photos with one SKU, which are known to show one product, the
            one with the best score stands for all.
    """

    items: tuple[ListedItem, ...]

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "items": [
                {"id": item.id, "source": item.source, "sku": item.sku, "score": round(item.score, 6)}
                for item in self.items
            ]
        }

    def words(self) -> str:
        """For a person: a line for each item."""
        return "\n\t".join(
            f"{item.score:.3f}  {item.source}" + ("" if item.sku is None else f" ({item.sku})") for item in self.items
        )


@dataclass(frozen=True, slots=True)
class RepeatedProducts:
    """What was found.

    Attributes:
        asked: items that were compared with all others.
        threshold: cosine from which on two items are one product; None: as `SAME_PRODUCT` says.
        products: in the order of their first items' sources.
    """

    asked: int
    threshold: float | None
    products: tuple[RepeatedProduct, ...]

    def words(self) -> str:
        """For a person: how much was found."""
        scores = "by kind" if self.threshold is None else f"from {self.threshold:g}"
        found, further = len(self.products), sum(len(product.items) - 1 for product in self.products)
        return (
            f"{counted(self.asked, 'item')} compared, {counted(found, 'product')} "
            f"there several times, {counted(further, 'time')} beside the first "
            f"(scores {scores})"
        )


def find_repeated_products(
    store: Store,
    *,
    threshold: float | None = None,
    where: Filter | None = None,
    progress: Callable[[], None] = lambda: None,
) -> RepeatedProducts:
    """Find items that look like one product, among all items of a catalogue.

    Each item is asked for its nearest ones. Items whose categories are known and lie in different trees are never one
    product, nor is what has one SKU told: that is known. Groups are made around the product that most others look like,
    so that a chain of small steps joins nothing: every item was compared with the first one itself. Memory holds the
    items that look like another one, some hundred bytes each. Of one item at most 500 others are found.

    Args:
        store: the catalogue, open.
        threshold: cosine from which on two items are one product, -1..1, whatever their kind; by default as
            `SAME_PRODUCT` says.
        where: the items that are asked for, such as those of the last day; they are compared with all.
        progress: called after each item.

    Raises:
        UsageError: the catalogue is empty.
    """
    if store.model is None:
        raise UsageError(f"{store.uri} is empty", remedy=f"index photos first: packshot index PHOTOS -c {store.uri}")
    near: dict[tuple[str, str], float] = {}
    asked = 0
    for id_, hits in _nearest(store, where or Filter(), threshold, progress):
        asked += 1
        for hit in hits:
            one, other = sorted((id_, hit.id))
            near[one, other] = hit.score
    listed = _listed(store, {id_ for pair in near for id_ in pair})
    matches = _matches(near, listed, threshold)
    products = sorted(_grouped(matches), key=lambda product: (product.items[0].source, product.items[0].id))
    return RepeatedProducts(asked, threshold, tuple(products))


def _kind(category: Sequence[str]) -> str | None:
    return category[0] if category else None


def _least(kind: str | None, threshold: float | None) -> float:
    """The score from which on an item of a kind is the same product."""
    return SAME_PRODUCT.threshold_for({} if kind is None else {kind: 1.0}) if threshold is None else threshold


def _all_may_match(hits: Sequence[Hit], threshold: float | None) -> bool:
    """Whether there may be more matches behind the last hit."""
    return hits[-1].score >= min(_least(_kind(hit.category), threshold) for hit in hits)


def _nearest(
    store: Store, where: Filter, threshold: float | None, progress: Callable[[], None]
) -> Iterator[tuple[str, list[Hit]]]:
    """Each item that is meant, with the others that look like the same product."""
    for ids, vectors in store.embeddings(where):
        for places in in_batches(range(len(ids)), _AT_ONCE):
            few = [ids[place] for place in places]
            for id_, hits in zip(few, _hits(store, vectors[list(places)], threshold), strict=True):
                others = [hit for hit in hits if hit.id != id_]
                yield id_, [hit for hit in others if hit.score >= _least(_kind(hit.category), threshold)]
                progress()


def _hits(store: Store, vectors: Embedding, threshold: float | None) -> list[list[Hit]]:
    """The nearest items of each vector, so many that the last one is no match."""
    assert store.model is not None  # noqa: S101 - checked at the beginning
    found: list[list[Hit]] = [[] for _ in vectors]
    left, k = np.arange(len(vectors)), _NEAREST
    while len(left):
        for place, hits in zip(left, store.search(vectors[left], model=store.model, k=k), strict=True):
            found[place] = hits
        more = [place for place in left if len(found[place]) == k and _all_may_match(found[place], threshold)]
        left = np.array(more, np.int64)
        if k == _MOST:
            break
        k = min(k * _WIDER, _MOST)
    return found


@dataclass(frozen=True, slots=True)
class _Listed:
    source: str
    sku: str | None
    kind: str | None

    def key(self, id_: str) -> _Key:
        return (False, id_) if self.sku is None else (True, self.sku)


def _listed(store: Store, ids: Iterable[str]) -> dict[str, _Listed]:
    listed: dict[str, _Listed] = {}
    for some in in_batches(sorted(ids), _AT_ONCE):
        for id_, item in store.get(some).items():
            listed[id_] = _Listed(item.source, item.attributes.get(SKU), _kind(item.category))
    return listed


_Matches = Mapping[_Key, Mapping[_Key, tuple[ListedItem, ListedItem]]]
"""Of each product the others that look like it: its own item, and the other one's, of the best pair."""


def _matches(near: Mapping[tuple[str, str], float], listed: Mapping[str, _Listed], threshold: float | None) -> _Matches:
    matches: dict[_Key, dict[_Key, tuple[ListedItem, ListedItem]]] = {}
    for (one, other), score in sorted(near.items(), key=lambda pair: (-pair[1], pair[0])):
        if one not in listed or other not in listed:
            continue  # removed meanwhile
        first, second = listed[one], listed[other]
        of_other_kinds = None not in {first.kind, second.kind} and first.kind != second.kind
        least = max(_least(each.kind, threshold) for each in (first, second))
        if first.key(one) == second.key(other) or of_other_kinds or score < least:
            continue
        pair = (
            ListedItem(one, first.source, first.sku, score),
            ListedItem(other, second.source, second.sku, score),
        )
        matches.setdefault(first.key(one), {}).setdefault(second.key(other), pair)
        matches.setdefault(second.key(other), {}).setdefault(first.key(one), pair[::-1])
    return matches


def _grouped(matches: _Matches) -> Iterator[RepeatedProduct]:
    """A product with all that look like it and are in no group yet; first the one that most others look like."""
    taken: set[_Key] = set()
    for key in sorted(matches, key=lambda key: (-len(matches[key]), key)):
        if key in taken:
            continue
        left = {other: pair for other, pair in matches[key].items() if other not in taken}
        if not left:
            continue
        taken |= {key, *left}
        pairs: Sequence[tuple[ListedItem, ListedItem]] = sorted(
            left.values(), key=lambda pair: (-pair[1].score, pair[1].source)
        )
        mine = pairs[0][0]
        yield RepeatedProduct((ListedItem(mine.id, mine.source, mine.sku, 1.0), *(pair[1] for pair in pairs)))
