"""What travels to a worker and back: one input to do, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packshot.batch.journal import Entry
from packshot.batch.outputs import Target

__all__ = ["Outcome", "Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """One input to do; small, for it travels to a worker process.

    Attributes:
        source: the input as it was named.
        stem: where its results go, a relative path without suffix.
        targets: name of each profile to where its picture goes, in the order of the manifest.
        earlier: what an earlier run wrote there.
        heatmaps: of that stem, which lie there already (paths below the output folder).
        sku: of the product the photo shows; None where none is known.
        view: its number among the photos of that product, from 1.
        name: what a person is shown, where it is not `source`: of a photo that was brought here from elsewhere.
    """

    source: str
    stem: str
    targets: Mapping[str, Target] = field(default_factory=dict)
    earlier: Entry | None = None
    heatmaps: tuple[str, ...] = ()
    sku: str | None = None
    view: int | None = None
    name: str | None = None

    @property
    def shown(self) -> str:
        """What a person is shown."""
        return self.name or self.source

    @property
    def known_files(self) -> tuple[str, ...]:
        """What an earlier run left, below the output folder."""
        return (*self.heatmaps, *(self.earlier.files if self.earlier is not None else ()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input; no pixels, for it travels back from a worker process.

    Attributes:
        entry: for the journal.
        resumed: whether an earlier run had done it already.
        sketch: of the photo, as `packshot.duplicates.Sketch.text` gives it, if sketches were asked for.
    """

    entry: Entry
    resumed: bool = False
    sketch: str | None = None
