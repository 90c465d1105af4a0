"""What a store of the catalogue does, whoever keeps the records: LanceDB in a folder, Milvus on a cluster."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from packshot.catalogue.record import CatalogueItem, Embedding
from packshot.closing import Closing
from packshot.counting import counted

__all__ = ["KEEP", "Filter", "Hit", "Problem", "Snapshot", "Store", "StoreStats", "Upserted"]

#: How long `Store.compact` keeps earlier snapshots unless told otherwise.
KEEP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items: those that meet every condition given.

    Attributes:
        category: id of the taxonomy; items at it or below it.
        attributes: items with all of these.
        since: items added at this time or later; with a time zone.
        until: items added before this time; with a time zone.
        sha256: items whose file is one of these; None for any.
        pixel_hash: items whose pixels are one of these; None for any.

    Raises:
        ValueError: a time without its zone.

    Example:
        >>> Filter(category="tops", attributes={"colour": "navy"}).is_everything
        False
    """

    category: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    sha256: Collection[str] | None = None
    pixel_hash: Collection[str] | None = None

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            moment = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{name}: expected a time with its time zone, got {moment!r}")

    @property
    def is_everything(self) -> bool:
        """Whether no condition is given."""
        return self == EVERYTHING


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of the items of one `Store.upsert`; an item given twice counts once in a batch."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: Upserted) -> Upserted:
        return Upserted(self.added + other.added, self.updated + other.updated, self.unchanged + other.unchanged)


@dataclass(frozen=True, slots=True)
class Hit:
    """An item found.

    Attributes:
        id: of the item.
        source: of the item.
        score: cosine of the angle between query and item, -1..1; exact for every hit, also behind an approximate index.
            `packshot.catalogue.search.reranked` puts looks and category together in its place.
        category: of the item, from the root down; empty where none is known.
    """

    id: str
    source: str
    score: float
    category: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of the catalogue that can be gone back to.

    Attributes:
        version: rises with every write.
        written: when (UTC).
        items: how many it holds.
    """

    version: int
    written: datetime
    items: int

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {"version": self.version, "written": self.written.isoformat(), "items": self.items}

    @property
    def cells(self) -> tuple[str, str, str]:
        """Version, time and number of items for a person."""
        return str(self.version), f"{self.written:%Y-%m-%d %H:%M:%S} UTC", str(self.items)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a catalogue, and the way out."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class StoreStats:
    """The state of a catalogue.

    Attributes:
        uri: where it lies.
        items: how many it holds.
        model: identity of the network of its embeddings; None until the first item is written.
        dimension: of the embeddings; None until the first item is written.
        schema_version: of the layout on disk.
        fragments: pieces the newest state is stored in; many make a search slow, `Store.compact` joins them.
        snapshots: states that can be gone back to.
        stored_bytes: of everything, earlier states and the index included; None where the store cannot tell.
        index: kind of the approximate index; None where every search is exact.
        indexed: items in the index; the others are searched exactly.
        recall_at_10: share of the exact ten nearest that the index finds, on a sample of the catalogue's
            own items; None where it was not measured.
    """

    uri: str
    items: int
    model: str | None
    dimension: int | None
    schema_version: int
    fragments: int
    snapshots: int
    stored_bytes: int | None
    index: str | None
    indexed: int
    recall_at_10: float | None = None

    def words(self) -> str:
        """For a person: what there is, of which network, and how good the index is."""
        size = "" if self.stored_bytes is None else f", {self.stored_bytes / 1e6:.1f} MB"
        lines = [
            f"{counted(self.items, 'item')}{size}, {counted(self.fragments, 'piece')}, "
            f"{counted(self.snapshots, 'snapshot')}"
        ]
        if self.model is not None:
            lines.append(f"embeddings: {self.model}, {self.dimension} numbers")
        recall = "" if self.recall_at_10 is None else f", recall at 10: {self.recall_at_10:.3f}"
        index = (
            f"{self.index} over {counted(self.indexed, 'item')}{recall}"
            if self.index
            else "none, every search is exact"
        )
        return "\n".join([*lines, f"index: {index}"])


class Store(Closing, Protocol):
    """Records of one catalogue, all with embeddings of one model.

    Open one with `packshot.catalogue.store.open_store`, best in a ``with`` statement. Any number of readers may have a
    catalogue open, in any process; one writer at a time changes it, a second one waits, then is told who holds it. A
    write is whole or not at all; what a call returned from survives the death of the process.

    Besides the errors named below any method may raise `CatalogueDamaged`, and `OutputError` where a disk is full.
    """

    @property
    def uri(self) -> str:
        """Where the catalogue lies."""

    @property
    def model(self) -> str | None:
        """Identity of the network of the embeddings; None until the first item is written."""

    @property
    def dimension(self) -> int | None:
        """Of the embeddings; None until the first item is written."""

    def upsert(self, items: Iterable[CatalogueItem]) -> Upserted:
        """Add items, or replace those of the same id; one that is there with the same content is left alone.

        Items are written in batches; a batch is one snapshot. Hand over many at once: every call makes files.
        Of several items with one id the last one counts.

        Raises:
            CatalogueMismatch: an embedding of another model or dimension; nothing of its batch is written.
            CatalogueLocked: another writer holds the catalogue.
        """

    def delete(self, ids: Iterable[str]) -> int:
        """Take items out; ids that are not there are passed over. Returns how many went.

        Raises:
            CatalogueLocked: another writer holds the catalogue.
        """

    def get(self, ids: Iterable[str]) -> dict[str, CatalogueItem]:
        """The items of these ids; one that is not there is missing in the answer."""

    def items(self, where: Filter = EVERYTHING) -> Iterator[CatalogueItem]:
        """Every item that meets the filter, in no order, read in pieces: memory does not grow with the catalogue."""

    def embeddings(self, where: Filter = EVERYTHING) -> Iterator[tuple[list[str], Embedding]]:
        """Ids and embeddings, float32 (n, d), of every item that meets the filter, in no order, in pieces."""

    def search(
        self, vectors: Embedding, *, model: str, k: int = 10, where: Filter = EVERYTHING, exact: bool | None = None
    ) -> list[list[Hit]]:
        """The items nearest to each query by cosine, nearest first.

        Args:
            vectors: float32 (d,) or (n, d), of length 1.
            model: identity of the network that made them.
            k: how many at most, from 1.
            where: which items are searched; the filter comes first, so k of them are found if there are k.
            exact: True compares with every item, False asks the index if there is one, None lets the store choose by
                the number of items to compare with.

        Returns:
            A list for each query; one list for a (d,) vector.

        Raises:
            CatalogueMismatch: the queries are of another model or dimension than the catalogue.
            ValueError: a vector that is not of length 1, or `k` below 1.
        """

    def count(self, where: Filter = EVERYTHING) -> int:
        """How many items meet the filter."""

    def stats(self, *, recall_sample: int = 0) -> StoreStats:
        """The state of the catalogue.

        Args:
            recall_sample: on how many items to measure the index's recall; 0 does not. Each costs an exact search.
        """

    def verify(self) -> list[Problem]:
        """Read everything, and say what is wrong: nothing is changed, nothing is raised for what is found."""

    def compact(self, *, keep: timedelta = KEEP) -> None:
        """Join small pieces, bring the index up to date (or build it), and let go of old snapshots.

        Writing does the same by itself from time to time.

        Args:
            keep: snapshots younger than this stay. A reader in the middle of one that goes is told of missing files:
                zero is for times without readers.

        Raises:
            CatalogueLocked: another writer holds the catalogue.
        """

    def snapshots(self) -> list[Snapshot]:
        """States that can be gone back to, oldest first; the last one is the present.

        Raises:
            UsageError: the store keeps none.
        """

    def restore(self, version: int) -> None:
        """Make an earlier state the present one. The states since then stay, so this too can be undone.

        Raises:
            UsageError: no such snapshot, or the store keeps none.
            CatalogueLocked: another writer holds the catalogue.
        """

    def export(self, path: Path, where: Filter = EVERYTHING) -> int:
        """Write the items as one Parquet file, whole or not at all. Returns how many."""

    def close(self) -> None:
        """Let go of the catalogue; nothing is pending."""
