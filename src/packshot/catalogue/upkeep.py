"""Looking after a catalogue: read through, compacted, brought back, items taken out; and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from packshot.catalogue.store import Problem, Store, StoreStats, open_store, set_aside_damaged
from packshot.counting import counted
from packshot.errors import CatalogueDamaged, UsageError

__all__ = ["Compacted", "Removed", "Restored", "Verified", "compact", "remove", "restore", "verify"]


@dataclass(frozen=True, slots=True)
class Compacted:
    """A catalogue before and after its small files were joined."""

    before: StoreStats
    after: StoreStats

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        pairs = {
            name: [getattr(each, name) for each in (self.before, self.after)]
            for name in ("fragments", "snapshots", "stored_bytes")
        }
        return {"items": self.after.items, **pairs, "indexed": self.after.indexed}

    def words(self) -> str:
        """For a person."""
        before, after = self.before, self.after
        return (
            f"{counted(after.items, 'item')}: {before.fragments} -> {counted(after.fragments, 'piece')}, "
            f"{before.snapshots} -> {counted(after.snapshots, 'snapshot')}, "
            f"{counted(after.indexed, 'item')} in the index"
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """A catalogue that went back to an earlier state.

    Attributes:
        version: of the snapshot; None where it was damaged, and went back to its newest state that can be read.
        items: it holds now.
        set_aside: files of states that cannot be read, renamed.
    """

    version: int | None
    items: int
    set_aside: tuple[str, ...]

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {"version": self.version, "items": self.items, "set_aside": list(self.set_aside)}

    def words(self, name: str) -> str:
        """For a person; `name` is the catalogue's."""
        return "\n".join([*(f"set aside: {path}" for path in self.set_aside), f"{name}: {counted(self.items, 'item')}"])


@dataclass(frozen=True, slots=True)
class Removed:
    """Items that were taken out.

    Attributes:
        removed: how many.
        missing: ids that no item has.
        items: left.
    """

    removed: int
    missing: tuple[str, ...]
    items: int

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {"removed": self.removed, "missing": list(self.missing), "items": self.items}

    def words(self) -> str:
        """For a person."""
        return f"{self.removed} removed, {self.items} left"


@dataclass(frozen=True, slots=True)
class Verified:
    """What is wrong with a catalogue; nothing where all is well."""

    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether all is well."""
        return not self.problems

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {"ok": self.ok, "problems": [asdict(problem) for problem in self.problems]}

    def words(self) -> str:
        """For a person: a line a problem, with the way out."""
        return "\n".join(f"{problem.message}: {problem.remedy}" for problem in self.problems) or "all is well"


def verify(uri: str) -> Verified:
    """Read everything of a catalogue; one that does not open is a problem like any other.

    Raises:
        UsageError: there is no catalogue.
        CatalogueError: it cannot be reached.
    """
    try:
        with open_store(uri) as store:
            return Verified(tuple(store.verify()))
    except CatalogueDamaged as error:
        return Verified((Problem(error.message, error.remedy),))


def compact(store: Store, *, keep: timedelta) -> Compacted:
    """Join small files, and let go of snapshots older than `keep`; see `Store.compact`."""
    before = store.stats()
    store.compact(keep=keep)
    return Compacted(before, store.stats())


def restore(uri: str, version: int | None) -> Restored:
    """Go back to a snapshot; without one, a damaged catalogue to its newest state that can be read.

    Raises:
        UsageError: there is no such snapshot, or nothing to repair.
    """
    aside = () if version is not None else tuple(str(path) for path in set_aside_damaged(uri))
    if version is None and not aside:
        raise UsageError(
            f"{uri} opens as it is: nothing to repair",
            remedy="name the snapshot to go back to: packshot catalogue snapshots",
        )
    with open_store(uri) as store:
        if version is not None:
            store.restore(version)
        return Restored(version, store.count(), aside)


def remove(store: Store, ids: Sequence[str]) -> Removed:
    """Take items out by their ids."""
    missing = tuple(sorted(set(ids) - store.get(ids).keys()))
    removed = store.delete(ids)
    return Removed(removed, missing, store.count())
