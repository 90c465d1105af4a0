"""Another background behind the product: the product is untouched, the rest lies between old and new background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import run

from packshot.datasets import Split, open_items
from packshot.errors import UsageError
from packshot.training.data.blended_background import blend_background
from packshot.training.recipe import Recipe
from packshot.training.segmentation.data import MaskedPictures
from packshot.training.segmentation.recipe import SegmentationRecipe

pytestmark = pytest.mark.train


def test_the_product_stays_and_the_background_changes() -> None:
    rng = np.random.default_rng(1)
    rgb = rng.integers(0, 255, (40, 60, 3)).astype(np.uint8)
    alpha = np.zeros((40, 60), np.float32)
    alpha[10:30, 20:40] = 1
    drawn = [blend_background(rng, rgb, alpha) for _ in range(8)]
    for each in drawn:
        assert (each.shape, each.dtype) == (rgb.shape, np.uint8)
        assert np.array_equal(each[alpha == 1], rgb[alpha == 1])
        assert np.abs(each[alpha == 0].astype(int) - rgb[alpha == 0]).mean() > 10
    assert len({each.tobytes() for each in drawn}) == 8


def test_half_transparent_pixels_get_half_of_the_new_background() -> None:
    rgb = np.full((20, 20, 3), 100, np.uint8)
    none, half = np.zeros((20, 20), np.float32), np.full((20, 20), 0.5, np.float32)
    behind, through = (blend_background(np.random.default_rng(5), rgb, alpha).astype(float) for alpha in (none, half))
    assert np.abs((through - 100) - (behind - 100) / 2).max() <= 1


def test_a_recipe_blends_in_training_alone_and_a_resumed_run_sees_the_same(
    shop: Path, tiny: Callable[..., Recipe]
) -> None:
    recipe = tiny(blended_ground=1.0, augmentation="none")
    assert isinstance(recipe, SegmentationRecipe)
    items = [item for item in open_items(shop, task="segmentation") if item.split is Split.TRAIN][:2]
    plain = MaskedPictures(items, recipe, multiple=16).pixels(0)
    first, again = (MaskedPictures(items, recipe, multiple=16, epoch=3).pixels(0) for _ in range(2))
    assert not np.array_equal(plain[0], first[0])
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(plain[1], first[1]), "the mask is that of the product"
    with pytest.raises(UsageError, match="blended_ground"):
        tiny(blended_ground=2)


def test_the_option_trains(shop: Path, tmp_path: Path) -> None:
    small = ["epochs=1", "size=32", "width=4", "batch=4", "workers=0", "blended_ground=0.5", "max_validation=2"]
    done = run("train", "unet", "--data", shop, "-o", tmp_path / "run", *(p for s in small for p in ("--set", s)))
    assert done.code == 0, done.err
    header = (tmp_path / "run" / "csv" / "metrics.csv").read_text().splitlines()[0].split(",")
    assert {"seconds", "train/pixel_accuracy", "validation/pixel_accuracy"} <= set(header)
