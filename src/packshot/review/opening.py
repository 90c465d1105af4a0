"""A run's folder opened for review."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from packshot.batch import RunFile
from packshot.errors import UsageError
from packshot.records import MANIFEST
from packshot.review.review import Review
from packshot.settings import Settings

__all__ = ["open_review"]


def open_review(
    out: Path, settings: Settings, *, root: Path | None = None, prices: Mapping[str, float] | None = None
) -> Review:
    """The results in an output folder, and what was decided of them.

    Args:
        out: the folder.
        settings: what is uncertain, and the decoder's limits.
        root: where photos that were named by relative paths lie; by default where `packshot run` was typed.
        prices: as of `Review`.

    Raises:
        UsageError: there is no such folder, no manifest in it, or something in it is damaged.
    """
    if not out.is_dir():
        raise UsageError(f"{out}: no such folder", remedy="name the folder `packshot run ... -o` wrote to")
    if root is None:
        run = RunFile.read(out)
        root = Path() if run is None or run.typed is None else Path(run.typed.folder)
    above, limits = settings.review_above, settings.limits
    return Review(out / MANIFEST, root=root, review_above=above, prices=prices, limits=limits)
