"""The published classifiers: their sizes to the parameter, their settings, what may move, and what is exported."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
import pytest
import torch
from packshot_tests.recipes import ClassRecipes
from torch import nn

from packshot.errors import UsageError
from packshot.training.classification.module import ClassificationModule
from packshot.training.classification.networks import CLASSIFIERS
from packshot.training.classification.recipe import ClassificationRecipe
from packshot.training.export.onnx_file import to_onnx
from packshot.training.networks.alexnet_frozen import AlexNetFrozen
from packshot.training.networks.cnn3 import Cnn3
from packshot.training.networks.vgg16 import Vgg16Cam
from packshot.training.recipe_files import load_recipe

pytestmark = pytest.mark.train

#: The published networks, as small as they go.
SMALL: list[dict[str, object]] = [
    {"network": "vgg16-cam", "width": 4, "size": 32},
    {"network": "vgg16-finetune", "width": 4, "size": 32},
    {"network": "cnn3", "width": 4, "size": 30},
    {"network": "alexnet-frozen", "width": 4, "size": 67},
    {"network": "alexnet-frozen", "width": 6, "size": 67, "towers": 2},
]
NAMES = ["vgg16-cam", "vgg16-finetune", "cnn3", "alexnet-1", "alexnet-2"]


def conv(inputs: int, outputs: int, kernel: int, groups: int = 1) -> int:
    return outputs * inputs // groups * kernel**2 + outputs


def dense(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


VGG = sum(
    conv(i, o, 3)
    for i, o in [
        *((3, 64), (64, 64), (64, 128), (128, 128), (128, 256), (256, 256), (256, 256)),
        *((256, 512), (512, 512), (512, 512), (512, 512), (512, 512), (512, 512)),
    ]
)
ONE_TOWER = conv(3, 64, 11) + conv(64, 192, 5) + conv(192, 384, 3) + conv(384, 256, 3) + conv(256, 256, 3)
TWO_TOWERS = conv(3, 96, 11) + conv(96, 256, 5, 2) + conv(256, 384, 3) + conv(384, 384, 3, 2) + conv(384, 256, 3, 2)
ALEXNETS_DENSE = dense(256 * 6 * 6, 4096) + dense(4096, 4096)
COUNTS = [
    ({"network": "vgg16-cam"}, VGG + conv(512, 1024, 3) + dense(1024, 2), 19_436_354, 19_436_354),
    (
        {"network": "vgg16-finetune"},
        VGG + dense(512 * 7 * 7, 4096) + dense(4096, 4096) + dense(4096, 2),
        134_268_738,
        134_268_738,
    ),
    (
        {"network": "cnn3"},
        conv(3, 32, 3) + conv(32, 32, 3) + conv(32, 64, 3) + dense(64 * 28 * 28, 64) + dense(64, 2),
        3_240_098,
        3_240_098,
    ),
    ({"network": "alexnet-frozen"}, ONE_TOWER + ALEXNETS_DENSE + dense(4096, 2), 57_012_034, 8_194),
    ({"network": "alexnet-frozen", "towers": 2}, TWO_TOWERS + ALEXNETS_DENSE + dense(4096, 2), 56_876_418, 8_194),
]


@pytest.mark.parametrize(("changes", "by_hand", "published", "learning"), COUNTS, ids=NAMES)
def test_the_published_size_and_what_of_it_learns(
    changes: dict[str, object], by_hand: int, published: int, learning: int
) -> None:
    recipe = ClassificationRecipe.model_validate({"name": "x", **changes})
    with torch.device("meta"):
        network = CLASSIFIERS[recipe.network](recipe, 2)
        answer = network(torch.zeros(1, 3, recipe.size, recipe.size))
    parameters = list(network.parameters())
    assert by_hand == published == sum(p.numel() for p in parameters)
    assert learning == sum(p.numel() for p in parameters if p.requires_grad)
    assert answer.shape == (1, 2)


def test_maps_are_14_by_14_because_pool5_is_left_out() -> None:
    with torch.device("meta"):
        network = Vgg16Cam(classes=3)
        features = network.features(torch.zeros(1, 3, 224, 224))
    assert features.shape[2:] == (14, 14)
    assert sum(isinstance(layer, nn.MaxPool2d) for layer in network.modules()) == 4


@pytest.mark.parametrize("changes", SMALL, ids=NAMES)
def test_each_picture_of_a_batch_has_its_own_answer(changes: dict[str, object]) -> None:
    recipe = ClassificationRecipe.model_validate({"name": "x", **changes})
    network = CLASSIFIERS[recipe.network](recipe, 3).eval()
    pictures = torch.randn(2, 3, recipe.size, recipe.size)
    both = network(pictures)
    assert both.shape == (2, 3)
    assert torch.allclose(both[1:], network(pictures[1:]), atol=1e-5)


@pytest.mark.parametrize("changes", SMALL, ids=NAMES)
def test_only_what_learns_moves(changes: dict[str, object], tiny_classes: ClassRecipes) -> None:
    torch.manual_seed(0)
    recipe = tiny_classes(**changes, optimiser="sgd", learning_rate=0.05, weight_decay=0.01, dropout=0.0)
    task = ClassificationModule(recipe.model_dump(), ["a", "b"]).train()
    optimizer = task.configure_optimizers()
    assert isinstance(optimizer, torch.optim.SGD)
    before = {name: p.clone() for name, p in task.network.named_parameters()}
    batch = torch.randn(4, 3, recipe.size, recipe.size), torch.tensor([0, 1, 0, 1])
    for _ in range(2):
        optimizer.zero_grad()
        torch.autograd.backward(task.answer(batch)[2])
        optimizer.step()
    moved = {name for name, p in task.network.named_parameters() if not torch.equal(p, before[name])}
    if recipe.network == "alexnet-frozen":
        assert moved == {"head.weight", "head.bias"}
    else:
        assert moved == set(before)


def test_frozen_features_are_the_same_each_time_also_in_training() -> None:
    network = AlexNetFrozen(classes=2, size=67, width=4).train()
    picture = torch.randn(1, 3, 67, 67)
    assert torch.equal(network(picture), network(picture))
    assert network.head.training
    assert Cnn3(classes=2, size=30, width=4).train().dense.training


def test_published_settings() -> None:
    names = "vgg16-cam", "cnn3", "alexnet-frozen", "vgg16-finetune"
    cam, cnn, alexnet, vgg = (cast(ClassificationRecipe, load_recipe(Path(name))) for name in names)
    assert {type(recipe) for recipe in (cam, cnn, alexnet, vgg)} == {ClassificationRecipe}
    assert (cam.optimiser, cam.learning_rate, cam.schedule, cam.decay) == ("sgd", 1e-3, "inverse", 1e-6)
    assert (cam.momentum, cam.nesterov, cam.batch, cam.size) == (0.9, True, 50, 224)
    assert cam.heatmap_photos
    assert (cnn.size, cnn.augmentation, cnn.validation_tenths, cnn.start) == (240, "strong", 3, "scratch")
    assert (alexnet.size, alexnet.start, alexnet.network_name) == (227, "ImageNet", "alexnet-frozen/1")
    assert (vgg.size, vgg.start, vgg.network_name) == (224, "ImageNet", "vgg16-finetune")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"network": "cnn3", "size": 20}, "cnn3 expects at least 22"),
        ({"network": "vgg16-finetune", "size": 100}, "a multiple of 32, got 100"),
        ({"network": "vgg16-cam", "size": 40}, "a multiple of 16, got 40"),
        ({"network": "alexnet-frozen", "size": 64}, "at least 67"),
        ({"network": "cnn3", "weights": "imagenet", "size": 30}, "cnn3 has no published weights"),
        ({"network": "vgg16-cam", "towers": 2}, "AlexNet's alone"),
        ({"network": "alexnet-frozen", "towers": 2, "width": 8, "size": 67}, "multiple of 6"),
        ({"network": "cnn3", "size": 30, "heatmap_photos": 1}, "heatmap_photos: expected tiny or vgg16-cam"),
        ({"network": "vgg19"}, "vgg16-cam"),
    ],
)
def test_settings_that_do_not_fit_are_named(changes: dict[str, object], words: str, tiny_classes: ClassRecipes) -> None:
    with pytest.raises(UsageError, match=words):
        tiny_classes(**changes)


@pytest.mark.parametrize("changes", SMALL, ids=NAMES)
def test_the_exported_network_answers_as_the_trained_one(
    changes: dict[str, object], tiny_classes: ClassRecipes
) -> None:
    torch.manual_seed(0)
    recipe = tiny_classes(**changes)
    task = ClassificationModule(recipe.model_dump(), ["a", "b", "c"]).eval()
    data = to_onnx(task, size=(recipe.size, recipe.size), outputs=task.outputs)
    pictures = torch.randn(3, 3, recipe.size, recipe.size)
    (found,) = onnxruntime.InferenceSession(data).run(["probabilities"], {"image": pictures.numpy()})
    with torch.inference_mode():
        assert np.abs(found - task(pictures).numpy()).max() < 1e-5


def test_two_towers_are_normalised_as_torch_does_it() -> None:
    network = AlexNetFrozen(classes=2, size=67, towers=2, width=6)
    features = 40 * torch.randn(2, 6, 5, 4)
    assert torch.allclose(
        network.features[2](features), torch.nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0)(features), atol=1e-5
    )
