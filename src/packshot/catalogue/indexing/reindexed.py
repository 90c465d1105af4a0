"""What came of moving a catalogue to another embedding, item by item and altogether."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.counting import counted
from packshot.errors import PackshotError

__all__ = ["ReindexProgress", "Reindexed"]


@dataclass(frozen=True, slots=True)
class ReindexProgress:
    """One item has its new embedding, or could not get one.

    Attributes:
        source: of the item.
        id: of the item.
        error: why it has none.
    """

    source: str
    id: str
    error: PackshotError | None = None

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        error = None if self.error is None else self.error.to_dict()
        return {"source": self.source, "id": self.id, "error": error}


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What became of the catalogue.

    Attributes:
        before: identity of its embeddings until now.
        after: of the new ones.
        embedded: items that got their new embedding by this call.
        kept: that had it already, from a call that was stopped.
        failed: that could not get one.
        items: of the catalogue that answers now.
        moved: whether searches ask the new embeddings.
        seconds: it took.
        stopped_by: number of the signal that stopped it early, None if it went through.
    """

    before: str
    after: str
    embedded: int
    kept: int
    failed: int
    items: int
    moved: bool
    seconds: float
    stopped_by: int | None = None

    @property
    def exit_code(self) -> int:
        """0 when all went well, 3 when items failed, 128 + signal when it was stopped."""
        if self.stopped_by is not None:
            return 128 + self.stopped_by
        return 3 if self.failed else 0

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        numbers = {name: getattr(self, name) for name in ("embedded", "kept", "failed", "items", "moved")}
        return {"before": self.before, "after": self.after, **numbers}

    def words(self, uri: str) -> str:
        """For a person; `uri` is the catalogue's."""
        if self.before == self.after:
            return f"{uri}: its embeddings are of {self.after} already"
        done = f"{self.embedded} embedded, {self.kept} kept, {self.failed} failed ({self.seconds:.1f} s)"
        if self.moved:
            return (
                f"{done}\n{uri}: moved from {self.before} to {self.after}, {counted(self.items, 'item')}\n"
                "a threshold that was calibrated on the old ones does not hold: packshot catalogue calibrate"
            )
        why = "it was stopped" if self.stopped_by is not None else "some items have no new embedding"
        return f"{done}\n{uri}: still answers by {self.before}, because {why}; repeat the command to go on"
