"""What the network is about to see: augmented training samples, just as they reach it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor
from torch.utils.data import Dataset

from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD
from packshot.training.figures.grid import Cell, draw_grid
from packshot.values import Rgb

__all__ = ["Sample", "draw_samples", "pixels"]

#: One training sample as its task's data set gives it; only the evaluator of the same task looks inside.
Sample = Sequence[Any]

_CELLS, _ACROSS = 32, 8


def draw_samples(
    samples: Dataset[Sample],
    path: Path,
    *,
    cells_of: Callable[[Sample], list[Cell]],
    originals: Dataset[Sample] | None = None,
) -> None:
    """Draw the first samples of an epoch, each beside what it was made from, where that is known.

    Args:
        samples: with a length.
        path: PNG to write.
        cells_of: draws one sample, always as the same number of cells, a divisor of four.
        originals: the same before they were changed, one for one; None where samples are drawn from nothing.
    """
    cells: list[Cell] = []
    for index in range(len(samples)):  # type: ignore[arg-type]
        cells += [] if originals is None else cells_of(originals[index])
        cells += cells_of(samples[index])
        if len(cells) >= _CELLS:
            break
    rows = [cells[start : start + _ACROSS] for start in range(0, len(cells), _ACROSS)]
    beside = "" if originals is None else ", each behind its original"
    draw_grid(rows, path, title=f"training samples of the first epoch, as the network sees them{beside}")


def pixels(image: Tensor, *, mean: Sequence[float] = IMAGENET_MEAN, std: Sequence[float] = IMAGENET_STD) -> Rgb:
    """Back from the normalised tensor (3, h, w) to uint8 (h, w, 3)."""
    scaled = image.numpy().transpose(1, 2, 0) * np.asarray(std) + np.asarray(mean)
    return np.asarray((scaled * 255).round().clip(0, 255), np.uint8)
