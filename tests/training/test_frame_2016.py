"""The published frame network: its size, its grid, its variants, and the schedule it was trained by."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
import torch

from packshot.training.frame.module import FrameModule
from packshot.training.frame.recipe import FrameRecipe
from packshot.training.networks.frame_2016 import Frame2016
from packshot.training.recipe_files import load_grid, load_recipe, load_recipes

pytestmark = pytest.mark.train
ROOT = Path(__file__).parents[2]


def published(**changes: object) -> FrameRecipe:
    recipe = load_recipe(Path("frame-2016"), changes)
    assert isinstance(recipe, FrameRecipe)
    return recipe


def test_the_published_network_has_61441_parameters() -> None:
    recipe = published()
    assert sum(p.numel() for p in FrameModule(recipe.model_dump()).network.parameters()) == 61_441
    assert (recipe.optimiser, recipe.learning_rate, recipe.momentum, recipe.epochs) == ("sgd", 0.01, 0.0, 200)
    assert (recipe.schedule, recipe.decay, recipe.augmentation) == ("inverse", 5e-5, "flips")
    assert Frame2016()(torch.zeros(2, 3, 128, 128))[0].shape == (2,)


def test_the_grid_is_the_papers() -> None:
    entries = load_grid(ROOT / "recipes" / "frame-2016" / "grid.toml").entries
    assert list(entries) == ["128_32-32-32-32_conv3", "128_16-16-16-16_conv3", "128_16-16-16-16_conv7"]
    recipes = [load_recipe(Path("frame-2016"), entry) for entry in entries.values()]
    assert [recipe.network_name for recipe in recipes] == list(entries)
    assert [recipe.learning_rate for recipe in recipes if isinstance(recipe, FrameRecipe)] == [0.01, 0.01, 0.03]


def test_keras_decay() -> None:
    """Keras' SGD: learning_rate / (1 + decay * updates)."""
    task = FrameModule(published(learning_rate=0.003, decay=0.5).model_dump())
    task.trainer = type("Trainer", (), {"estimated_stepping_batches": 9, "precision": "32-true"})()
    chosen = cast(Mapping[str, object], task.configure_optimizers())
    optimizer, scheduler = chosen["optimizer"], cast(Mapping[str, object], chosen["lr_scheduler"])["scheduler"]
    assert isinstance(optimizer, torch.optim.SGD)
    assert isinstance(scheduler, torch.optim.lr_scheduler.LambdaLR)
    rates = []
    for _ in range(4):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    assert rates == pytest.approx([0.003 / (1 + 0.5 * t) for t in range(4)])


@pytest.mark.parametrize(
    ("changes", "name", "parameters"),
    [
        ({}, "128_32-32-32-32_conv3", 61_441),
        ({"pooling": "average"}, "128_32-32-32-32_conv3_average", 61_441),
        # 896 + 3 * 9,248 for the convolutions, 32 * 8 * 8 + 1 for the logit.
        ({"dense": 0}, "128_32-32-32-32_conv3_no-dense", 28_640 + 2_049),
    ],
)
def test_variants_of_the_published_network(changes: dict[str, object], name: str, parameters: int) -> None:
    recipe = published(**changes)
    assert recipe.network_name == name
    network = FrameModule(recipe.model_dump()).network
    assert sum(p.numel() for p in network.parameters()) == parameters
    assert network(torch.rand(2, 3, 128, 128))[0].shape == (2,)


def test_average_pooling_of_a_constant_picture_is_max_pooling_of_it() -> None:
    torch.manual_seed(1)
    networks = [Frame2016(size=16, widths=(4,), kernel=1, dropout=0, pooling=p) for p in ("max", "average")]
    networks[1].load_state_dict(networks[0].state_dict())
    flat, noisy = torch.full((1, 3, 16, 16), 0.3), torch.rand(1, 3, 16, 16)
    assert torch.allclose(networks[0](flat)[0], networks[1](flat)[0], atol=1e-6)
    assert not torch.allclose(networks[0](noisy)[0], networks[1](noisy)[0], atol=1e-4)


@pytest.mark.parametrize("grid", ["grid", "variants", "decays"])
def test_the_grids_that_ship_are_recipes(grid: str, tmp_path: Path) -> None:
    file = ROOT / "recipes" / "frame-2016" / f"{grid}.toml"
    recipes = dict(load_recipes(Path("frame-2016"), {}, run=tmp_path, grid=file))
    assert len(recipes) == len(load_grid(file).entries)
    assert len({recipe.model_dump_json() for recipe in recipes.values()}) == len(recipes)
