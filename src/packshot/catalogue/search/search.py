"""The items nearest to queries, and whether the nearest one is what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.catalogue.record import Embedding
from packshot.catalogue.store import Filter, Hit, Store

__all__ = ["Found", "search"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found.

    Attributes:
        hits: nearest first.
        match: whether the first one is sure enough to be the product itself; None where no threshold is known, so that
            nobody can tell.
        threshold: score from which on it is; None where none is known.
    """

    hits: tuple[Hit, ...]
    match: bool | None
    threshold: float | None


def search(
    store: Store,
    queries: Embedding,
    *,
    model: str,
    k: int = 10,
    where: Filter | None = None,
    threshold: float | None = None,
) -> list[Found]:
    """Search for each query.

    The store compares with every item where that is quick, and asks its index beyond.

    Args:
        store: the catalogue.
        queries: float32 (d,) or (n, d), of length 1.
        model: identity of the network that made them.
        k: how many hits at most, from 1.
        where: which items are searched; all by default.
        threshold: score from which on the first hit is a match, such as that of a `packshot.runtime.MatchRule`.

    Raises:
        CatalogueMismatch: the queries are of another model than the catalogue.
        CatalogueDamaged: a file of the catalogue is missing or corrupt.
        ValueError: a query that is not of length 1, or `k` below 1.
    """
    answers = store.search(queries, model=model, k=k, where=where or Filter())
    return [
        Found(
            hits=tuple(hits),
            match=None if threshold is None else bool(hits) and hits[0].score >= threshold,
            threshold=threshold,
        )
        for hits in answers
    ]
