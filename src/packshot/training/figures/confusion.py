"""What is taken for what, as a picture: rows are true, columns predicted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from packshot.training.figures.style import ACCENT, BAD, INK, QUIET, new_figure, save
from packshot.values import AnyArray

__all__ = ["draw_confusion"]

#: With more classes than this, counts would be too small to read, and only colour is left.
COUNTED = 25


def draw_confusion(matrix: AnyArray, names: Sequence[str], path: Path, *, title: str) -> None:
    """Draw a confusion matrix; what is right is blue, mistakes are red, the deeper the larger their share of the row.

    Args:
        matrix: whole numbers (k, k) >= 0, rows are the true classes: `packshot.evaluation.confusion_matrix`.
        names: of the k classes.
        path: PNG to write.
        title: above all.

    Raises:
        ValueError: the matrix is empty, not square, negative or not of whole numbers, or the names are not k.
    """
    counts = np.asarray(matrix)
    k = len(names)
    if not k or counts.shape != (k, k) or counts.dtype.kind not in "iu" or counts.min() < 0:
        came = f"{counts.dtype} {counts.shape} and {k} names"
        raise ValueError(f"draw_confusion: expected whole numbers (k, k) >= 0 and k names, k >= 1, got {came}")
    side = max(4.0, (0.42 if k <= COUNTED else 0.17) * k + 2.2)
    figure = new_figure(side, side)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold", color=INK)
    axes = figure.subplots()
    share = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    axes.imshow(_coloured(share), interpolation="nearest")
    size = 8 if k <= COUNTED else 5
    axes.set_xticks(range(k), names, rotation=90, fontsize=size)
    axes.set_yticks(range(k), names, fontsize=size)
    axes.tick_params(length=0, labelcolor=INK)
    axes.spines[:].set_color(QUIET)
    axes.set_xlabel("predicted", fontsize=9, color=INK)
    axes.set_ylabel("true", fontsize=9, color=INK)
    if k <= COUNTED:
        for row, column in np.argwhere(counts):
            colour = "white" if share[row, column] > 0.5 else INK
            words = f"{counts[row, column]:,}"
            axes.text(column, row, words, ha="center", va="center", fontsize=7, color=colour)
    save(figure, path)


def _coloured(share: NDArray[np.float64]) -> NDArray[np.uint8]:
    """From white to the full colour: uint8 (k, k, 3)."""
    full = np.where(np.eye(len(share), dtype=bool)[..., None], to_rgb(ACCENT), to_rgb(BAD))
    # The root brings out the few mistakes of a good classifier, which would else be next to white.
    return np.asarray((255 * (1 - np.sqrt(share)[..., None] * (1 - full))).round(), np.uint8)
