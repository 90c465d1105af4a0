"""Duplicates over all shards of a finished run: an index on disk, verdicts that are kept, one table of groups."""

from packshot.sharded.duplicates.search import DuplicatesSummary, FoundGroup, find_run_duplicates

__all__ = ["DuplicatesSummary", "FoundGroup", "find_run_duplicates"]
