"""Indexing: photos, and the results of runs, become items of the catalogue."""

from packshot.catalogue.indexing.bucket_run import index_bucket_runs
from packshot.catalogue.indexing.deduplicating_insert import DeduplicatingInsert, DuplicateItem, find_duplicate_item
from packshot.catalogue.indexing.embedding import (
    Background,
    EmbeddedPhoto,
    background_of,
    describer_of,
    describing_network,
    embed,
    identity,
    item_of,
    match_rule,
    query_background,
)
from packshot.catalogue.indexing.index import IndexProgress, IndexSummary, index_photos
from packshot.catalogue.indexing.network_check import check_network
from packshot.catalogue.indexing.reindex import reindex
from packshot.catalogue.indexing.reindexed import Reindexed, ReindexProgress
from packshot.catalogue.indexing.workers import WorkerOptions, worker_options

__all__ = [
    "Background",
    "DeduplicatingInsert",
    "DuplicateItem",
    "EmbeddedPhoto",
    "IndexProgress",
    "IndexSummary",
    "ReindexProgress",
    "Reindexed",
    "WorkerOptions",
    "background_of",
    "check_network",
    "describer_of",
    "describing_network",
    "embed",
    "find_duplicate_item",
    "identity",
    "index_bucket_runs",
    "index_photos",
    "item_of",
    "match_rule",
    "query_background",
    "reindex",
    "worker_options",
]
