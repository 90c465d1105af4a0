"""How much a run has to do, told before it begins: for a progress bar, and for how many workers are worth starting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.batch.passed_over import PassedOver
from packshot.batch.sources import find_sources, sources_left
from packshot.records import MANIFEST

if TYPE_CHECKING:
    from packshot.batch.incoming import IncomingPhotos

__all__ = ["Expected", "expected_photos"]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a run is going to find.

    Attributes:
        photos: to do, those that an earlier run finished among them.
        finished: lines of the manifest that an earlier run left; some may be of photos that are gone.
        passed_over: files in folders and globs that are no input.
    """

    photos: int
    finished: int
    passed_over: tuple[PassedOver, ...] = ()


def expected_photos(
    sources: Sequence[str], out: Path, *, decided_only: bool = False, incoming: IncomingPhotos | None = None
) -> Expected:
    """Look at the sources of a run and at its output folder, without opening a photo.

    Args:
        sources: files, folders or globs.
        out: the output folder; it need not be there.
        decided_only: as in `packshot.batch.RunOptions`.
        incoming: of the sources, where they are watched: only what is new counts.

    Raises:
        UsageError: there is nothing to do; never with `decided_only` or `incoming`.
    """
    finished = _lines(out / MANIFEST)
    if incoming is not None:
        return Expected(len(incoming.new), finished)
    if decided_only:
        return Expected(len(sources_left(sources, out=out)), finished)
    passed_over: list[PassedOver] = []
    return Expected(len(find_sources(sources, out=out, passed_over=passed_over)), finished, tuple(passed_over))


def _lines(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(1 for _ in file)
    except OSError:
        return 0
