"""Drawn pictures: every one another, so that copies are copies on purpose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

Draw = Callable[[Path, int], Path]


@pytest.fixture
def draw() -> Draw:
    """Writes soft random colours, another picture for every seed: 48 x 40 pixels."""

    def write(path: Path, seed: int) -> Path:
        rough = np.random.default_rng(seed).integers(0, 255, (6, 5, 3)).astype(np.uint8)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(cv2.resize(rough, (40, 48), interpolation=cv2.INTER_CUBIC)).save(path)
        return path

    return write


@pytest.fixture
def shop(tmp_path: Path, draw: Draw) -> Path:
    """Twelve photos of 48 x 40 pixels with a box for a mask."""
    root = tmp_path / "shop"
    (root / "masks").mkdir(parents=True)
    for index in range(12):
        draw(root / "images" / f"{index:02}.png", index)
        mask = np.zeros((48, 40), np.uint8)
        mask[8 : 30 + index, 5:30] = 255
        Image.fromarray(mask).save(root / "masks" / f"{index:02}.png")
    return root
