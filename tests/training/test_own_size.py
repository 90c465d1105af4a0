"""A fully convolutional network trained on photos of their own sizes is exported to take any."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from packshot_tests.command import run
from PIL import Image

from packshot.datasets import open_items
from packshot.runtime import load, read_card
from packshot.training.export import export_run
from packshot.training.export.any_size import AnySize
from packshot.training.loop import train
from packshot.training.prediction import Predictor
from packshot.training.recipe import Recipe
from packshot.training.registry import load_module
from packshot.training.run_folder import read_recipe

pytestmark = pytest.mark.train


@pytest.mark.parametrize(("height", "width"), [(32, 48), (33, 47), (5, 17)])
def test_padding_mirrors_as_in_training_and_is_cropped_again(height: int, width: int) -> None:
    seen: list[torch.Tensor] = []

    class Keeps(torch.nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            seen.append(image)
            return image

    image = torch.rand(1, 3, height, width)
    assert torch.equal(AnySize(Keeps(), multiple=16)(image), image)
    expected = np.pad(image.numpy(), ((0, 0), (0, 0), (0, -height % 16), (0, -width % 16)), mode="symmetric")
    deep = min(height, -height % 16), min(width, -width % 16)
    assert np.array_equal(seen[0].numpy()[..., : height + deep[0], : width + deep[1]],
                          expected[..., : height + deep[0], : width + deep[1]])  # fmt: skip
    assert seen[0].shape[2] % 16 == 0 == seen[0].shape[3] % 16


def test_an_exported_unet_takes_each_photo_in_its_own_size(
    shop: Path, tmp_path: Path, tiny: Callable[..., Recipe]
) -> None:
    recipe = tiny(size=0, batch=1, augmentation="flip", max_side=64)
    assert train(recipe, data=shop, run=tmp_path / "run", threads=1).status == "finished"
    items = open_items(shop, task="segmentation")
    exported = export_run(tmp_path / "run", tmp_path / "own.onnx", items=items)
    card = read_card(tmp_path / "own.json")
    assert card.input.longest == 64
    assert "own size, up to 64 px" in exported.words("own.onnx")
    network = load(tmp_path / "own.onnx")
    module = load_module(tmp_path / "run" / "best.ckpt", read_recipe(tmp_path / "run"))
    predictor = Predictor(module, recipe, multiple=module.multiple)
    for shape in ((40, 63), (64, 17), (150, 100)):  # no multiples of 16; the last is longer than max_side
        rgb = np.random.default_rng(1).integers(0, 255, (*shape, 3)).astype(np.uint8)
        batch = network.prepare(rgb)
        scale = min(1, 64 / max(shape))
        assert batch.shape[2:] == (round(shape[0] * scale), round(shape[1] * scale))
        answer = network.run(batch)
        assert answer.shape == (1, 1, *batch.shape[2:])
        theirs = predictor.answers(rgb)[0][0, : batch.shape[2], : batch.shape[3]]
        assert np.abs(answer[0, 0] - theirs).max() < 0.01


def test_size_still_exports_a_square(shop: Path, tmp_path: Path, tiny: Callable[..., Recipe]) -> None:
    train(tiny(size=0, batch=1, augmentation="none"), data=shop, run=tmp_path / "run", threads=1)
    done = run("export", tmp_path / "run", "-o", tmp_path / "square.onnx", "--data", shop, "--size", 32)
    assert done.code == 0, done.err
    assert (read_card(tmp_path / "square.json").input.size, read_card(tmp_path / "square.json").input.longest) == (
        (32, 32),
        None,
    )


def test_a_card_of_any_size_for_a_network_of_one_size_is_refused(
    shop: Path, tmp_path: Path, tiny: Callable[..., Recipe]
) -> None:
    train(tiny(), data=shop, run=tmp_path / "run", threads=1)
    export_run(tmp_path / "run", tmp_path / "fixed.onnx", items=open_items(shop, task="segmentation"))
    card = read_card(tmp_path / "fixed.json")
    changed = card.model_copy(update={"input": card.input.model_copy(update={"longest": 64})})
    (tmp_path / "fixed.json").write_text(changed.to_json())
    Image.new("RGB", (20, 30)).save(tmp_path / "photo.png")
    done = run("cutout", tmp_path / "photo.png", "-o", tmp_path / "out", "--model", tmp_path / "fixed.onnx")
    assert done.code != 0
    assert "its card says input" in done.err
