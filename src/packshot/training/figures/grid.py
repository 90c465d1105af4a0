"""A table of small pictures with a caption under each: samples, predictions, progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import cv2
import numpy as np

from packshot.training.figures.style import BAD, GOOD, INK, new_figure, save
from packshot.values import Alpha, Rgb

__all__ = ["SIDE", "Cell", "cut_out", "draw_grid", "thumbnail"]

Pixels = TypeVar("Pixels", Rgb, Alpha)

#: Longest side of a cell's picture in pixels.
SIDE = 160


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One picture of a grid.

    Attributes:
        rgb: uint8 (h, w, 3).
        caption: below it; may be empty.
        right: whether the caption is good news (green) or bad (red); None for neither.
    """

    rgb: Rgb
    caption: str = ""
    right: bool | None = None


def draw_grid(rows: Sequence[Sequence[Cell]], path: Path, *, title: str, columns: Sequence[str] = ()) -> None:
    """Draw rows of cells.

    Args:
        rows: equally long.
        path: PNG to write.
        title: above all.
        columns: heads of the columns; empty for none.
    """
    across = max(len(row) for row in rows)
    tall = 1.75 if any(cell.caption for row in rows for cell in row) else 1.55
    figure = new_figure(1.55 * across + 0.3, tall * len(rows) + 0.6)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold", color=INK)
    axes = figure.subplots(len(rows), across, squeeze=False)
    for down, row in enumerate(rows):
        for place in range(across):
            ax = axes[down][place]
            ax.set_axis_off()
            if columns and down == 0 and place < len(row):
                ax.set_title(columns[place], fontsize=9, color=INK, pad=5)
            if place >= len(row):
                continue
            cell = row[place]
            ax.imshow(_framed(cell.rgb), interpolation="antialiased")
            colour = INK if cell.right is None else GOOD if cell.right else BAD
            ax.text(0.5, -0.03, cell.caption, transform=ax.transAxes, ha="center", va="top", fontsize=8, color=colour)
    save(figure, path)


def thumbnail(pixels: Pixels) -> Pixels:
    """Shrunk so that its longest side is `SIDE` pixels."""
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cast(Pixels, cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def cut_out(rgb: Rgb, alpha: Alpha) -> Rgb:
    """The picture over a light checkerboard where `alpha` lets it through: uint8 (h, w, 3)."""
    rows, columns = np.indices(alpha.shape) // 8
    board = np.where((rows + columns) % 2, 255, 222)[..., None].astype(np.float32)
    blended = rgb * alpha[..., None] + board * (1 - alpha[..., None])
    return np.asarray(blended.round(), np.uint8)


def _framed(rgb: Rgb) -> Rgb:
    """In the middle of a white square, so that all rows of the grid are equally high."""
    small = thumbnail(rgb)
    square = np.full((SIDE, SIDE, 3), 255, np.uint8)
    top, left = (SIDE - small.shape[0]) // 2, (SIDE - small.shape[1]) // 2
    square[top : top + small.shape[0], left : left + small.shape[1]] = small
    return square
