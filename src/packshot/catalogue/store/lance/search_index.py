"""When a search compares with every item and when it asks an index, and how; docs/decisions/0015-catalogue-store.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lancedb.index import HnswSq, IvfFlat, IvfPq, IvfRq, IvfSq, LabelList

__all__ = ["EXACT_UP_TO", "IndexPlan", "build", "indexed", "needs_building"]

#: Items up to which comparing with every one is used: exact, and quick enough.
EXACT_UP_TO = 20_000

_NAME = "embedding"
_KINDS = {"IVF_FLAT": IvfFlat, "IVF_SQ": IvfSq, "IVF_RQ": IvfRq, "IVF_PQ": IvfPq, "IVF_HNSW_SQ": HnswSq}
# Without these a filter is evaluated for every row.
_FILTERED = ("category", "attributes")
_MOST_SEGMENTS = 4
# A filter leaves fewer neighbours in each partition: ask more of them, up to this many times as many.
_MOST_MORE = 8


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """How the index is built and asked.

    Attributes:
        kind: as LanceDB names it; one of `_KINDS`.
        items_per_partition: about how many nearby items lie together.
        probes: partitions asked for a query.
        refine: candidates compared again in full for every item wanted; 0 does without, and scores are rounded.
    """

    kind: str = "IVF_SQ"
    items_per_partition: int = 4_000
    probes: int = 20
    refine: int = 2

    def asked(self, query: Any, *, share: float) -> Any:
        """LanceDB's query, asked of the index.

        Args:
            query: LanceDB's.
            share: of the items that meet the query's filter, 0..1.
        """
        more = min(_MOST_MORE, max(share, 1e-9) ** -0.5)
        query = query.nprobes(round(self.probes * more))
        return query.refine_factor(self.refine) if self.refine else query


def build(table: Any, plan: IndexPlan, *, items: int) -> None:
    """Make the indexes anew for a catalogue of `items`."""
    partitions = max(1, items // plan.items_per_partition)
    config = _KINDS[plan.kind](distance_type="cosine", num_partitions=partitions)
    table.create_index("embedding", config=config, replace=True, name=_NAME)
    for column in _FILTERED:
        table.create_index(column, config=LabelList(), replace=True, name=column)


def indexed(table: Any) -> tuple[str | None, int]:
    """Kind of the index (None without one) and how many items are in it."""
    index = _index(table)
    return (None, 0) if index is None else (str(index.index_type), int(index.num_indexed_rows))


def needs_building(table: Any, *, items: int) -> bool:
    """Whether a catalogue has outgrown exact search and has no index, or has outgrown the one it has.

    LanceDB adds new items in a segment of its own with the partitions of the first: every segment is searched
    for every query, and the partitions grow.
    """
    index = _index(table)
    return items > EXACT_UP_TO and (index is None or int(index.num_segments) > _MOST_SEGMENTS)


def _index(table: Any) -> Any:
    return next((index for index in table.list_indices() if index.name == _NAME), None)
