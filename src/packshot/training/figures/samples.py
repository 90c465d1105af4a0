"""What the network is about to see: augmented training samples, just as they reach it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor
from torch.utils.data import Dataset

from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD
from packshot.training.figures.grid import Cell, cut_out, draw_grid, thumbnail
from packshot.values import Rgb

__all__ = ["draw_samples"]

_CELLS, _ACROSS = 32, 8


def draw_samples(samples: Dataset[Any], path: Path, *, labels: Sequence[str] = ()) -> None:
    """Draw the first samples of an epoch: picture beside its cut-out, or picture over its class.

    Args:
        samples: of (picture, mask) or (picture, class number).
        path: PNG to write.
        labels: the classes in the order of their numbers; empty for masks.
    """
    cells: list[Cell] = []
    for index in range(min(len(samples), _CELLS if labels else _CELLS // 2)):  # type: ignore[arg-type]
        image, target = samples[index][:2]
        rgb = thumbnail(_pixels(image))
        if labels:
            cells.append(Cell(rgb, labels[int(target)]))
        else:
            cells += [Cell(rgb), Cell(cut_out(rgb, thumbnail(target[0].numpy())))]
    rows = [cells[start : start + _ACROSS] for start in range(0, len(cells), _ACROSS)]
    draw_grid(rows, path, title="training samples of the first epoch, as the network sees them")


def _pixels(image: Tensor) -> Rgb:
    """Back from the normalised tensor (3, h, w) to uint8 (h, w, 3)."""
    scaled = image.numpy().transpose(1, 2, 0) * np.asarray(IMAGENET_STD) + np.asarray(IMAGENET_MEAN)
    return np.asarray((scaled * 255).round().clip(0, 255), np.uint8)
