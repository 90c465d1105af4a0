"""How many pictures each class has in each split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from matplotlib.ticker import MaxNLocator

from packshot.datasets import Item, Split
from packshot.training.figures.style import ACCENT, INK, QUIET, bare, new_figure, save

__all__ = ["draw_balance"]

_COLOURS = {Split.TRAIN: ACCENT, Split.VALIDATION: "#e0a030", Split.HOLDOUT: QUIET}


def draw_balance(items: Sequence[Item], path: Path) -> None:
    """A bar for each class, the largest first, with its share: labels for classification, sets for segmentation.

    Args:
        items: of all splits.
        path: PNG to write.
    """
    names = [item.label or item.source for item in items]
    classes = [name for name, _ in Counter(names).most_common()]
    figure = new_figure(8, 1.3 + 0.3 * len(classes))
    axes = figure.subplots()
    start = [0] * len(classes)
    for split, colour in _COLOURS.items():
        counts = Counter(name for name, item in zip(names, items, strict=True) if item.split is split)
        lengths = [counts[name] for name in classes]
        axes.barh(classes, lengths, left=start, color=colour, height=0.7, label=f"{split} {sum(lengths):,}")
        start = [a + b for a, b in zip(start, lengths, strict=True)]
    for place, total in enumerate(start):
        axes.text(
            total, place, f" {total:,} ({100 * total / max(1, len(names)):.1f} %)", va="center", fontsize=9, color=INK
        )
    bare(axes)
    axes.grid(axis="y", visible=False)
    axes.invert_yaxis()
    axes.margins(x=0.16)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.set_xlabel("pictures", fontsize=9, color=INK)
    figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9, labelcolor=INK)
    save(figure, path)
