"""Filling the catalogue and asking it: from photos, and from the results of runs, to records and queries."""

from packshot.cataloguing.index import IndexProgress, IndexSummary, index_photos
from packshot.cataloguing.look import Ground, Look, describer_of, ground_of, identity, item_of, look, match_rule

__all__ = [
    "Ground",
    "IndexProgress",
    "IndexSummary",
    "Look",
    "describer_of",
    "ground_of",
    "identity",
    "index_photos",
    "item_of",
    "look",
    "match_rule",
]
