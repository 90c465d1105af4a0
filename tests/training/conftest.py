"""Drawn pictures to train on, and recipes that train in seconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from packshot.training.recipe import Recipe
from packshot.training.recipe_files import parse_recipe

torch.set_num_threads(1)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop's folder: twelve discs of one colour on noise, with their masks."""
    root = tmp_path / "shop"
    rng = np.random.default_rng(3)
    for name in ("images", "masks"):
        (root / name).mkdir(parents=True)
    rows, columns = np.mgrid[:96, :80]
    for index in range(12):
        x, y, radius = rng.uniform(30, 50), rng.uniform(30, 60), rng.uniform(15, 28)
        disc = (columns - x) ** 2 + (rows - y) ** 2 < radius**2
        photo = np.where(disc[..., None], (210, 60, 40), rng.integers(60, 140, (96, 80, 3))).astype(np.uint8)
        Image.fromarray(photo).save(root / "images" / f"{index:02}.png")
        Image.fromarray(disc.astype(np.uint8) * 255).save(root / "masks" / f"{index:02}.png")
    return root


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    """Two class folders: a red and a green square on noise."""
    for channel, name in enumerate(("red", "green")):
        folder = tmp_path / "classes" / name
        folder.mkdir(parents=True)
        for index in range(12):
            photo = np.random.default_rng(100 * channel + index).integers(0, 120, (48, 48, 3)).astype(np.uint8)
            photo[12:36, 12:36, channel] = 230
            Image.fromarray(photo).save(folder / f"{index:02}.png")
    return tmp_path / "classes"


@pytest.fixture
def tiny() -> Callable[..., Recipe]:
    """A U-Net with 4 channels at 32 px: an epoch is a few steps."""
    values = {"name": "tiny", "task": "segmentation", "network": "unet", "width": 4, "size": 32, "batch": 4}
    values |= {"epochs": 1, "workers": 0, "learning_rate": 0.003, "dropout": 0.2, "augmentation": "paired"}
    return lambda **changes: parse_recipe({**values, **changes}, name="test")


@pytest.fixture
def tiny_classes() -> Callable[..., Recipe]:
    """The small classifier at 32 px."""
    values = {"name": "tiny", "task": "classification", "size": 32, "batch": 4, "epochs": 1, "workers": 0, "width": 8}
    return lambda **changes: parse_recipe({**values, **changes}, name="test")
