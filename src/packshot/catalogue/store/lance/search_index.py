"""When a search compares with every item and when it asks an index, and how; docs/decisions/0015-catalogue-store.md."""

from __future__ import annotations

from typing import Any

from lancedb.index import IvfRq

__all__ = ["EXACT_UP_TO", "build", "indexed", "needs_building", "refined"]

#: Items up to which comparing with every one is used: exact, and quick enough.
EXACT_UP_TO = 20_000

_NAME = "embedding"
_ITEMS_PER_PARTITION = 4_000
# Partitions asked, and how many candidates are compared again in full for every item wanted.
_PROBES = 20
_REFINE = 10
# A filter leaves fewer neighbours in each partition: ask more of them, up to this many times as many.
_MOST_PROBES = 8 * _PROBES


def build(table: Any, *, items: int) -> None:
    """Make the index anew for a catalogue of `items`."""
    partitions = max(1, items // _ITEMS_PER_PARTITION)
    table.create_index(
        "embedding", config=IvfRq(distance_type="cosine", num_partitions=partitions), replace=True, name=_NAME
    )


def indexed(table: Any) -> tuple[str | None, int]:
    """Kind of the index (None without one) and how many items are in it."""
    for index in table.list_indices():
        if index.name == _NAME:
            return str(index.index_type), int(index.num_indexed_rows)
    return None, 0


def needs_building(table: Any, *, items: int) -> bool:
    """Whether a catalogue has outgrown exact search and has no index."""
    return items > EXACT_UP_TO and indexed(table)[0] is None


def refined(query: Any, *, share: float) -> Any:
    """The query, asked of the index.

    Args:
        query: LanceDB's.
        share: of the items that meet the query's filter, 0..1.
    """
    probes = min(_MOST_PROBES, round(_PROBES / max(share, 1e-9)))
    return query.nprobes(probes).refine_factor(_REFINE)
