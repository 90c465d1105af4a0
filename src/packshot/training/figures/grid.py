"""A table of small pictures with a caption under each: samples, predictions, progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import cv2
import numpy as np

from packshot.training.figures.style import BAD, DPI, GOOD, INK, new_figure, save
from packshot.values import Alpha, Box, Rgb

__all__ = ["SIDE", "Cell", "cut_out", "draw_grid", "outlined", "thumbnail"]

Pixels = TypeVar("Pixels", Rgb, Alpha)

#: Longest side of a cell's picture in pixels.
SIDE = 160
_GAP = 12
_TITLE, _LINE = 34, 20  # heights of the title and of a line of text, in pixels


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
    captions = any(cell.caption for row in rows for cell in row)
    top, pitch = (_TITLE + (_LINE if columns else 0), SIDE + _GAP + (_LINE if captions else 0))
    width, height = max(across * (SIDE + _GAP), 11 * len(title)) + _GAP, top + len(rows) * pitch + _GAP
    # One picture and lines of text: axes for every cell would take most of the time of a short training.
    canvas = np.full((height, width, 3), 255, np.uint8)
    figure = new_figure(width / DPI, height / DPI)
    figure.set_layout_engine("none")

    def write(text: str, x: float, y: float, *, size: int, colour: str = INK) -> None:
        figure.text(x / width, 1 - y / height, text, fontsize=size, color=colour, ha="center", va="top")

    where = (_GAP / width, 1 - 0.7 * _GAP / height)
    figure.text(*where, title, fontsize=11, fontweight="bold", color=INK, va="top")
    for down, row in enumerate(rows):
        for place, cell in enumerate(row):
            left, upper = _GAP + place * (SIDE + _GAP), top + down * pitch
            canvas[upper : upper + SIDE, left : left + SIDE] = _framed(cell.rgb)
            colour = INK if cell.right is None else GOOD if cell.right else BAD
            write(cell.caption, left + SIDE / 2, upper + SIDE + 4, size=8, colour=colour)
    for place, head in enumerate(columns):
        write(head, _GAP + place * (SIDE + _GAP) + SIDE / 2, _TITLE, size=9)
    figure.figimage(canvas)
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


def outlined(rgb: Rgb, *, truth: Box | None, found: Box | None = None) -> Rgb:
    """A thumbnail with boxes drawn in: the true one green, the found one red and dashed over it.

    Args:
        rgb: uint8 (h, w, 3).
        truth: in the picture's pixels; None draws none.
        found: likewise.
    """
    small = thumbnail(rgb)
    scale = small.shape[1] / rgb.shape[1], small.shape[0] / rgb.shape[0]
    for box, colour, dash in ((truth, (0, 220, 60), 1), (found, (255, 30, 30), 2)):
        if box is None:
            continue
        outline = np.zeros(small.shape[:2], np.uint8)
        start = round(box.x0 * scale[0]), round(box.y0 * scale[1])
        end = round(box.x1 * scale[0]) - 1, round(box.y1 * scale[1]) - 1
        cv2.rectangle(outline, start, end, 1)
        rows, columns = np.indices(outline.shape) // 4
        small[(outline > 0) & ((rows + columns) % dash == 0)] = colour
    return small


def _framed(rgb: Rgb) -> Rgb:
    """In the middle of a white square, so that all rows of the grid are equally high."""
    small = thumbnail(rgb)
    square = np.full((SIDE, SIDE, 3), 255, np.uint8)
    top, left = (SIDE - small.shape[0]) // 2, (SIDE - small.shape[1]) // 2
    square[top : top + small.shape[0], left : left + small.shape[1]] = small
    return square
