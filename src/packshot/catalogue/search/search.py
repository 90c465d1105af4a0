"""The items nearest to queries, and whether the nearest one is what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packshot.catalogue.record import Embedding
from packshot.catalogue.search.products import SKU
from packshot.catalogue.search.reranking import CATEGORY_SHARE, reranked
from packshot.catalogue.search.rivals import match_score
from packshot.catalogue.store import Filter, Hit, Store

__all__ = ["SearchResult", "search"]

_CANDIDATES = 50  # at least so many are re-ranked


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a query found.

    Attributes:
        hits: nearest first, or as they were re-ranked.
        match: whether the first one is sure enough to be the product itself; None where no threshold is known, so that
            nobody can tell.
        threshold: score from which on it is; None where none is known.
        match_score: what is compared with it: the first hit's score, or, where rivals count, less what they take from
            it; see `packshot.catalogue.search.match_score`. None without a hit.
    """

    hits: tuple[Hit, ...]
    match: bool | None
    threshold: float | None
    match_score: float | None = None


def search(
    store: Store,
    queries: Embedding,
    *,
    model: str,
    k: int = 10,
    where: Filter | None = None,
    threshold: float | None = None,
    chances: Sequence[Mapping[str, float]] | None = None,
    share: float = CATEGORY_SHARE,
    usual: float | None = None,
) -> list[SearchResult]:
    """Search for each query.

    The store compares with every item where that is quick, and asks its index beyond. Where the categories of the
    queries are known, of the nearest items those of the right category come first (`reranked`).

    Args:
        store: the catalogue.
        queries: float32 (d,) or (n, d), of length 1.
        model: identity of the network that made them.
        k: how many hits at most, from 1.
        where: which items are searched; all by default.
        threshold: score from which on the first hit is a match, such as that of a `packshot.runtime.MatchRule`.
        chances: of each query, category to probability (`packshot.values.Answer.chances`); without them, or where they
            are empty, the score is the cosine alone.
        share: the part of the score that is the category's, 0..1.
        usual: the cosine that other products near to a query usually have, -1..1; where they come nearer, the first
            hit is a match less surely. None where they do not count; see `packshot.runtime.MatchRule.usual_for`.

    Raises:
        CatalogueMismatch: the queries are of another model than the catalogue.
        CatalogueDamaged: a file of the catalogue is missing or corrupt.
        ValueError: a query that is not of length 1, `k` below 1, or other than one entry of `chances` for each query.
    """
    if k < 1:
        raise ValueError(f"k: expected 1 or more, got {k}")
    candidates = k if chances is None and usual is None else max(_CANDIDATES, 4 * k)
    answers = store.search(queries, model=model, k=candidates, where=where or Filter())
    found: list[SearchResult] = []
    for hits, likely in zip(answers, [{}] * len(answers) if chances is None else chances, strict=True):
        best = (reranked(hits, likely, share=share) if likely else hits)[:k]
        sure = None
        if best:
            sure = best[0].score if usual is None else match_score(best[0], hits, _skus(store, hits), usual=usual)
        match = None if threshold is None else sure is not None and sure >= threshold
        found.append(SearchResult(hits=tuple(best), match=match, threshold=threshold, match_score=sure))
    return found


def _skus(store: Store, hits: Sequence[Hit]) -> dict[str, str]:
    items = store.get(hit.id for hit in hits)
    return {id_: item.attributes[SKU] for id_, item in items.items() if SKU in item.attributes}
