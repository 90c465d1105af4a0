"""Duplicates among more pictures than memory holds: candidates and groups by files that are sorted on disk."""

from packshot.duplicates.on_disk.candidates import DiskCandidates
from packshot.duplicates.on_disk.grouping import CopyGroup, GroupingOnDisk, Verdict
from packshot.duplicates.on_disk.sorting import ROWS_IN_MEMORY, DiskSort

__all__ = ["ROWS_IN_MEMORY", "CopyGroup", "DiskCandidates", "DiskSort", "GroupingOnDisk", "Verdict"]
