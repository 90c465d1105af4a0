"""The overlay network: what it learns from, its loss, and the way from photos to an exported file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from packshot_tests.command import exit_code as packshot
from PIL import Image

from packshot.datasets import open_items
from packshot.errors import UsageError
from packshot.runtime import load
from packshot.training.networks.overlay_net import OverlayNet
from packshot.training.overlay.module import cell_loss
from packshot.training.overlay.recipe import OverlayRecipe
from packshot.training.overlay.samples import UNKNOWN, cells_of
from packshot.training.recipe_files import load_recipe, parse_recipe
from packshot.training.registry import task_of

pytestmark = pytest.mark.train
SMALL = (
    "epochs=1",
    "workers=0",
    "samples_per_epoch=8",
    "validation_samples=4",
    "calibration_samples=4",
    "batch=4",
    "size=64",
)


def test_the_network_that_is_trained_is_small() -> None:
    recipe = load_recipe(Path("overlay"))
    assert isinstance(recipe, OverlayRecipe)
    network = OverlayNet().eval()
    assert sum(p.numel() for p in network.parameters()) < 450_000  # below 1 MB at two bytes each
    overlaid, places = network(torch.randn(2, 3, recipe.size, recipe.size))
    assert (overlaid.shape, places.shape) == ((2,), (2, recipe.size // 8, recipe.size // 8))


def test_a_cell_is_overlaid_from_six_per_cent_on() -> None:
    mask = np.zeros((40, 40), bool)
    mask[:10, :10] = True  # all of the first cell
    mask[0, 10:16] = True  # 6 of 100 pixels
    mask[0, 20:22] = True  # 2
    assert cells_of(mask, side=4).tolist() == [[1, 1, UNKNOWN, 0], [0] * 4, [0] * 4, [0] * 4]


def test_unknown_cells_cost_nothing_and_a_perfect_map_hardly_anything() -> None:
    cells = torch.tensor([[[1.0, 0.0], [UNKNOWN, 0.0]]])
    right = torch.tensor([[[20.0, -20.0], [0.0, -20.0]]])
    assert float(cell_loss(right, cells)) < 1e-3
    unknown = right.clone()
    unknown[0, 1, 0] = 20.0
    torch.testing.assert_close(cell_loss(unknown, cells), cell_loss(right, cells))
    # All wrong: both halves of the entropy are 20, and nothing overlaps: Dice is 1 - 1 / (2 + 1 + 1).
    torch.testing.assert_close(cell_loss(-right, cells), torch.tensor(20.75))


def test_a_size_the_network_cannot_take_is_refused() -> None:
    with pytest.raises(UsageError, match="expected a multiple of 32, got 100"):
        parse_recipe({"task": "overlay", "name": "x", "size": 100}, name="test")


def test_a_set_that_states_no_licence_does_not_teach(tmp_path: Path) -> None:
    for folder, picture in (("images", np.full((40, 40, 3), 90, np.uint8)), ("masks", np.zeros((40, 40), np.uint8))):
        (tmp_path / "people" / folder).mkdir(parents=True)
        for number in range(12):
            Image.fromarray(picture).save(tmp_path / "people" / folder / f"{number}.png")
    recipe = load_recipe(Path("overlay"))
    assert open_items(tmp_path, task="frame")
    assert task_of(recipe).items(recipe, tmp_path) == []


def test_from_photos_to_an_exported_network(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for index in range(12):
        small = np.random.default_rng(index).integers(0, 256, (9, 7, 3)).astype(np.uint8)
        Image.fromarray(small).resize((140, 180), Image.Resampling.BICUBIC).save(photos / f"{index:02}.png")
    run, options = tmp_path / "run", [part for value in SMALL for part in ("--set", value)]
    assert packshot("train", "overlay", "--data", photos, "-o", run, *options) == 0
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert (record["status"], record["task"], record["headline"]) == ("finished", "overlay", "accuracy")
    assert 0 <= record["metrics"]["validation"]["cell_f1"] <= 1
    assert packshot("export", run, "-o", tmp_path / "overlay.onnx", "--data", photos) == 0
    network = load(str(tmp_path / "overlay.onnx"), task="overlay")
    rgb = np.random.default_rng(1).integers(0, 256, (90, 70, 3)).astype(np.uint8)
    answer = network.outputs(network.prepare(rgb), names=["overlaid", "places"])
    assert (answer["overlaid"].shape, answer["places"].shape) == ((1,), (1, 8, 8))
    assert all(value.min() >= 0 and value.max() <= 1 for value in answer.values())
