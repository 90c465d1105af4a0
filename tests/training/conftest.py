"""Drawn pictures to train on, and recipes that train in seconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from packshot_tests.photos import discs
from PIL import Image

from packshot.training.recipe import Recipe
from packshot.training.recipe_files import parse_recipe

torch.set_num_threads(1)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop's folder: twelve discs of one colour on noise, with their masks."""
    return discs(tmp_path / "shop")


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
