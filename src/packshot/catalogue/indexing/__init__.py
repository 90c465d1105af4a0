"""Filling the catalogue and asking it: from photos, and from the results of runs, to records and queries."""

from packshot.catalogue.indexing.deduplicating_insert import Already, Arrivals, already_there
from packshot.catalogue.indexing.embedding import (
    Ground,
    Look,
    describer_of,
    ground_of,
    identity,
    item_of,
    look,
    match_rule,
)
from packshot.catalogue.indexing.index import IndexProgress, IndexSummary, index_photos

__all__ = [
    "Already",
    "Arrivals",
    "Ground",
    "IndexProgress",
    "IndexSummary",
    "Look",
    "already_there",
    "describer_of",
    "ground_of",
    "identity",
    "index_photos",
    "item_of",
    "look",
    "match_rule",
]
