"""What is left in an output folder that nothing belongs to any more: listed, or moved to the trash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packshot.batch.journal import Journal
from packshot.batch.name_book import write_names
from packshot.batch.orphans import Orphan, find_orphans, prune_profiles, read_orphans, write_orphans
from packshot.batch.orphans import prune as prune_orphans
from packshot.batch.planning import Plan
from packshot.batch.profile_folders import forget_profiles

__all__ = ["Left", "as_listed", "tidy"]


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of earlier runs.

    Attributes:
        orphans: results whose photo is gone.
        dropped: name of each profile that nobody asks for any more to the folder of its pictures.
        trashed: files that were moved to the trash.
        not_asked: names of photos that are there, have results of earlier runs, and that this run was not asked for.
    """

    orphans: Sequence[Orphan] = ()
    dropped: Mapping[str, str] = field(default_factory=dict)
    trashed: int = 0
    not_asked: Sequence[str] = ()


def tidy(out: Path, plan: Plan, journal: Journal, done: Sequence[str], *, total: int, prune: bool) -> Left:
    """List what is left, or move it to the trash.

    Args:
        out: the output folder.
        plan: of the run.
        journal: of the folder, which is rewritten without what is superseded.
        done: stems of the photos that are finished, in their order.
        total: photos of the run; nothing is moved before all of them are done.
        prune: whether to move it.

    Raises:
        OutputError: a file could not be moved, or the list not be written.
    """
    current = {task.stem for task in plan.tasks}
    orphans = find_orphans(journal, out, current=current)
    others = sorted(set(journal) - current - {orphan.stem for orphan in orphans})
    left = Left(orphans, plan.dropped, not_asked=others)
    if prune and len(done) == total:
        left = Left(trashed=_prune(out, orphans, plan, journal), not_asked=others)
    write_orphans(out, left.orphans)
    journal.compact(done)
    return left


def as_listed(out: Path, plan: Plan) -> Left:
    """What an earlier run listed."""
    return Left(read_orphans(out), plan.dropped)


def _prune(out: Path, orphans: Sequence[Orphan], plan: Plan, journal: Journal) -> int:
    moved = prune_orphans(out, orphans, journal) + prune_profiles(out, set(plan.dropped), journal)
    forget_profiles(out, plan.dropped)
    gone = {orphan.stem for orphan in orphans}
    write_names(out, [name for name in plan.names if name.stem not in gone])
    return moved
