"""Filling the catalogue and asking it: from photos, and from the results of runs, to records and queries."""

from packshot.cataloguing.arrivals import Already, Arrivals, already_there
from packshot.cataloguing.index import IndexProgress, IndexSummary, index_photos
from packshot.cataloguing.look import Ground, Look, describer_of, ground_of, identity, item_of, look, match_rule

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
