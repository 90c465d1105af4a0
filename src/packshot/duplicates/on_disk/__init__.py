"""Duplicates among more pictures than memory holds: candidates and groups by files that are sorted on disk."""

from packshot.duplicates.on_disk.candidates import DiskCandidates
from packshot.duplicates.on_disk.grouping import CopyGroup, GroupingOnDisk, Verdict
from packshot.duplicates.on_disk.sorting import HELD, DiskSort

__all__ = ["HELD", "CopyGroup", "DiskCandidates", "DiskSort", "GroupingOnDisk", "Verdict"]
