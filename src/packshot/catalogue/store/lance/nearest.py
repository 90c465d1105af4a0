"""A search put to LanceDB, and its answer."""

from __future__ import annotations

from typing import Any

from packshot.catalogue.record import Embedding
from packshot.catalogue.store.interface import Hit
from packshot.catalogue.store.lance.search_index import IndexPlan
from packshot.catalogue.store.layout import KEY

__all__ = ["nearest"]


def nearest(
    table: Any, queries: Embedding, *, k: int, sql: str | None, plan: IndexPlan | None, share: float
) -> list[list[Hit]]:
    """The items nearest to each query, nearest first.

    Args:
        table: LanceDB's.
        queries: float32 (n, d), n at least 1.
        k: how many at most.
        sql: the condition items must meet, before anything is compared; None for no condition.
        plan: how to ask the index; None compares with every item.
        share: of the items that meet the condition, 0..1.
    """
    several = len(queries) > 1
    query = table.search(queries if several else queries[0], vector_column_name="embedding")
    query = query.distance_type("cosine").limit(k).select([KEY, "source", "category", "_distance"])
    if sql is not None:
        query = query.where(sql, prefilter=True)
    found = (query.bypass_vector_index() if plan is None else plan.asked(query, share=share)).to_arrow()
    numbers = found.column("query_index").to_pylist() if several else [0] * len(found)
    columns = (found.column(name).to_pylist() for name in (KEY, "source", "category", "_distance"))
    hits: list[list[Hit]] = [[] for _ in queries]
    for number, key, source, category, distance in zip(numbers, *columns, strict=True):
        # LanceDB gives 1 - cosine, which rounding may carry past its ends.
        score = min(1.0, max(-1.0, 1.0 - distance))
        hits[number].append(Hit(id=key, source=source, score=score, category=tuple(category)))
    return [sorted(of_one, key=lambda hit: -hit.score) for of_one in hits]
