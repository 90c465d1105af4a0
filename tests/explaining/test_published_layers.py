"""Layers of every published recipe by their published names, in files that packshot exported."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import pytest
from packshot_tests.command import run
from packshot_tests.photos import save, soft

if TYPE_CHECKING:
    from torch import nn

pytestmark = pytest.mark.train

VGG = {"weights": "none", "width": 2, "size": 32}
ALEXNET = {"weights": "none", "width": 6, "size": 67}
UNET = {"width": 2, "size": 32}


def exported(path: Path, name: str, changes: Mapping[str, object]) -> tuple[Path, nn.Module, int]:
    """The file of a published recipe's network that learnt nothing, the network, and the side of its input."""
    import torch

    from packshot.training.export.onnx_file import to_onnx
    from packshot.training.networks.packed_weights import pack_weights
    from packshot.training.recipe_files import load_recipe
    from packshot.training.registry import task_of

    torch.manual_seed(1)
    recipe = load_recipe(Path(name), changes)
    task = task_of(recipe)
    labels = [["red", "green"]] if recipe.task == "classification" else []
    module = task.module(recipe.model_dump(), *labels).eval()
    side = (recipe.fixed_size or (32, 32))[0]
    network, outputs = task.exported(module, [], side=side)
    path.write_bytes(pack_weights(to_onnx(network, size=(side, side), outputs=outputs)))
    return path, module.network, side


@pytest.mark.parametrize(
    ("recipe", "changes", "parts"),
    [
        ("cnn3", UNET, {"conv1": "features.0", "conv3": "features.6", "dense1": "dense.1", "dense2": "head"}),
        ("frame-2016", {}, {"conv1": "features.0", "conv4": "features.9", "dense1": "head.1", "dense2": "head.4"}),
        ("frame-2016", {"dense": 0, "kernel": 7}, {"conv4": "features.9", "dense1": "head.2"}),
        (
            "alexnet-frozen",
            ALEXNET,
            {"conv1": "features.0", "conv5": "features.10", "fc6": "classifier.1", "fc7": "classifier.4"},
        ),
        ("alexnet-frozen", {**ALEXNET, "towers": 2}, {"conv2": "features.4", "conv5": "features.12", "fc8": "head"}),
        (
            "vgg16-cam",
            VGG,
            {"block3_conv1": "features.10", "conv5_3": "features.28", "CAM_conv": "features.30", "CAM_fc": "head"},
        ),
        ("vgg16-finetune", VGG, {"conv3_1": "features.10", "fc6": "classifier.0", "fc7": "classifier.3"}),
        (
            "unet",
            UNET,
            {"down1_conv1": "down.0.0", "down5_conv2": "down.4.2", "up1_upconv": "enlarge.0", "up1_conv1": "up.0.0",
             "up4_conv2": "up.3.2", "out_conv1": "head.0", "out_conv2": "head.2"},
        ),
        ("unet", {**UNET, "head": "fixed"}, {"Down 1, conv 2": "down.0.2", "out_conv1": "head"}),
        (
            "tiramisu",
            {"size": 32},
            {"first_conv": "first", "dense block 3, layer 4": "down.2.layers.3.2", "transition_down5": "shrink.4.2",
             "dense_block6_layer15": "bottom.layers.14.2", "dense_block11_layer4": "up.4.layers.3.2",
             "transition_up1": "grow.0", "transition_up5": "grow.4", "last_conv": "head"},
        ),
    ],
)  # fmt: skip
def test_a_name_means_the_layer_that_it_was_published_for(
    recipe: str, changes: Mapping[str, object], parts: Mapping[str, str], tmp_path: Path
) -> None:
    """The oracle is what that part of the network gives in torch, after a ReLU that follows at once."""
    import torch

    from packshot.training.explanation import TorchCopy

    path, network, side = exported(tmp_path / "mine.onnx", recipe, changes)
    copy, given = TorchCopy(path), {}
    for name, part in parts.items():
        network.get_submodule(part).register_forward_hook(lambda *_, name=name: given.update({name: _[2].clone()}))
    batch = torch.randn(1, 3, side, side)
    with torch.no_grad():
        network(batch)
        for name in parts:
            whole = given[name] if given[name].ndim == 4 else given[name][..., None, None]
            maps, near = copy.maps(batch, copy.layer(name)), 0.02 * float(whole.abs().max() + 1e-3)
            assert maps.shape == whole.shape, name
            assert any(torch.allclose(maps, each, atol=near) for each in (whole, whole.relu())), name


def test_a_trained_and_exported_network_is_looked_into_by_published_names(tmp_path: Path) -> None:
    for at in range(24):
        (tmp_path / "shop" / str(at % 2)).mkdir(parents=True, exist_ok=True)
        save(tmp_path / "shop" / str(at % 2) / f"{at}.png", soft(at, (48, 48)))
    model, photo = tmp_path / "mine.onnx", tmp_path / "shop" / "0" / "0.png"
    small = ("--set", "width=2", "--set", "size=32", "--set", "epochs=1", "--set", "workers=0", "--set", "batch=8")
    done = run("train", "cnn3", "--data", tmp_path / "shop", "-o", tmp_path / "run", *small)
    assert done.code == 0, done.err
    done = run("export", tmp_path / "run", "--data", tmp_path / "shop", "-o", model)
    assert done.code == 0, done.err
    words = ("layers", photo, "--model", model, "-o", tmp_path / "seen", "--json", "--layer")
    shapes = {}
    for name in ("conv3", "dense1"):
        done = run(*words, name)
        assert done.code == 0, done.err
        shapes[name] = cv2.imread(done.lines[0]["output"]).shape
    assert shapes == dict.fromkeys(shapes, (2 * 98 - 2, 2 * 98 - 2, 3)), "four units each"
    wrong = run(*words, "conv4")
    assert (wrong.code, "conv3" in wrong.err) == (2, True), wrong.err
    filters = run(*words, "dense1", "--show", "filters", "--units", "1")
    assert filters.code == 0, filters.err
    assert run(*words, "dense1", "--show", "dream", "--guide", photo, "--steps", "1").code == 0
    refused = run("explain", photo, "--model", model, "--head", "label", "--method", "layer-cam", "--layer", "dense1",
                  "-o", tmp_path / "why.png")  # fmt: skip
    assert (refused.code, "no places in the photo" in refused.err) == (2, True), refused.err


def test_a_network_that_was_not_published_has_no_published_names(tmp_path: Path) -> None:
    from packshot.runtime import shipped_folder
    from packshot.training.explanation import TorchCopy

    for name in ("describe", "cutout", "frame", "overlay"):
        assert not TorchCopy(shipped_folder() / f"{name}.onnx").published
