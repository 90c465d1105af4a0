"""Runs over millions of photos in a bucket: a plan of shards, workers that write results, rows as the only truth.

`run_sharded` is the whole of it. What is done with one photo is what a run on folders does.
"""

from packshot.sharded.merging import Merged
from packshot.sharded.run import ShardedSummary, run_sharded

__all__ = ["Merged", "ShardedSummary", "run_sharded"]
