"""File names of heatmaps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from packshot.values import Heatmap

__all__ = ["file_stems"]


def file_stems(heatmaps: Sequence[Heatmap]) -> list[str]:
    """A file name for each heatmap of one photo, without its ending: ``category.dress``.

    Of the labels only ASCII letters, digits, ``-`` and ``_`` are kept; names that would be equal, also where case makes
    no difference, get a number.
    """
    stems: list[str] = []
    for heatmap in heatmaps:
        parts = (re.sub(r"[^\w-]+", "-", part, flags=re.ASCII).strip("-") for part in (heatmap.head, heatmap.label))
        stem, number = ".".join(part[:24] or "label" for part in parts), 1
        taken = {each.casefold() for each in stems}
        while (numbered := stem if number == 1 else f"{stem}.{number}").casefold() in taken:
            number += 1
        stems.append(numbered)
    return stems
