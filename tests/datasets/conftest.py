"""Drawn pictures: every one another, so that copies are copies on purpose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.photos import save, soft

Draw = Callable[[Path, int], Path]


@pytest.fixture
def draw() -> Draw:
    """Writes soft random colours, another picture for every seed: 48 x 40 pixels."""

    def write(path: Path, seed: int) -> Path:
        return save(path, soft(seed, (40, 48), cells=(6, 5)))

    return write


@pytest.fixture
def shop(tmp_path: Path, draw: Draw) -> Path:
    """Twelve photos of 48 x 40 pixels with a box for a mask."""
    root = tmp_path / "shop"
    for index in range(12):
        draw(root / "images" / f"{index:02}.png", index)
        mask = np.zeros((48, 40), np.uint8)
        mask[8 : 30 + index, 5:30] = 255
        save(root / "masks" / f"{index:02}.png", mask)
    return root
