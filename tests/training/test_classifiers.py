"""The published classifiers: their sizes to the parameter, whose weights they take, what may move, where they look."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
import torchvision
from packshot_tests.command import exit_code as packshot
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from packshot.datasets import Item, Split, open_items
from packshot.errors import UsageError
from packshot.explanation import activation_maps
from packshot.runtime import read_card
from packshot.training.classification.data import ClassifiedPictures
from packshot.training.classification.dealing import deal_tenths
from packshot.training.classification.module import ClassificationModule
from packshot.training.classification.networks import CLASSIFIERS
from packshot.training.classification.published import load_published
from packshot.training.classification.recipe import ClassificationRecipe
from packshot.training.export.onnx_file import to_onnx
from packshot.training.loop import train
from packshot.training.networks.alexnet_frozen import AlexNetFrozen
from packshot.training.networks.cnn3 import Cnn3
from packshot.training.networks.pooled import PooledClassifier
from packshot.training.networks.vgg16 import Vgg16Cam, Vgg16Finetune
from packshot.training.recipe_files import load_recipe
from packshot.training.registry import items_for, load_module, plan_for

pytestmark = pytest.mark.train
Recipes = Callable[..., Any]

#: The published networks, as small as they go.
SMALL: list[dict[str, Any]] = [
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
    changes: dict[str, Any], by_hand: int, published: int, learning: int
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
def test_each_picture_of_a_batch_has_its_own_answer(changes: dict[str, Any]) -> None:
    recipe = ClassificationRecipe.model_validate({"name": "x", **changes})
    network = CLASSIFIERS[recipe.network](recipe, 3).eval()
    pictures = torch.randn(2, 3, recipe.size, recipe.size)
    both = network(pictures)
    assert both.shape == (2, 3)
    assert torch.allclose(both[1:], network(pictures[1:]), atol=1e-5)


# --- weights ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "theirs", "fresh"),
    [
        (Vgg16Cam, torchvision.models.vgg16, {"features.30.weight", "features.30.bias"}),
        (Vgg16Finetune, torchvision.models.vgg16, set()),
        (AlexNetFrozen, torchvision.models.alexnet, set()),
    ],
)
def test_torchvisions_tensors_fit_by_name_and_shape(kind: Any, theirs: Any, fresh: set[str]) -> None:
    with torch.device("meta"):
        network, published = kind(classes=2), theirs().state_dict()
    own = network.state_dict()
    assert {name: published[name].shape for name in network.transferred} == {
        name: own[mine].shape for name, mine in network.transferred.items()
    }
    assert set(own) - set(network.transferred.values()) == {"head.weight", "head.bias", *fresh}
    convolutions = [name for name in network.transferred if name.startswith("features.")]
    assert convolutions == [name for name in published if name.startswith("features.")]


def test_all_13_convolutions_are_transferred_and_the_new_layers_are_not(tmp_path: Path) -> None:
    """A file as torchvision's, its convolutions numbered 0, 2, 5 ... 28: each carries its own number."""
    numbers = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]
    network = Vgg16Cam(classes=2, width=4)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    own = network.state_dict()
    state = {
        f"features.{n}.{part}": torch.full_like(own[f"features.{n}.{part}"], n + 0.25 * (part == "bias"))
        for n in numbers
        for part in ("weight", "bias")
    }
    torch.save({**state, "classifier.6.weight": torch.zeros(1000, 4096)[:2]}, tmp_path / "vgg.pth")
    load_published(network, str(tmp_path / "vgg.pth"))
    layers = [layer for layer in network.features if isinstance(layer, nn.Conv2d)]
    assert len(layers) == 14
    for n, layer in zip(numbers, layers, strict=False):
        assert (layer.weight == n).all()
        assert (layer.bias == n + 0.25).all()  # type: ignore[union-attr]
    for name in ("features.30.weight", "features.30.bias", "head.weight", "head.bias"):
        assert torch.equal(network.state_dict()[name], before[name])


def test_two_towers_take_caffes_names_from_safetensors(tmp_path: Path) -> None:
    network = AlexNetFrozen(classes=2, size=67, towers=2, width=6)
    own = network.state_dict()
    layers = [
        f"{name}.{part}"
        for name in ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7")
        for part in ("weight", "bias")
    ]
    assert list(network.transferred) == layers
    state = {
        theirs: torch.full_like(own[mine], place) for place, (theirs, mine) in enumerate(network.transferred.items())
    }
    save_file(state, tmp_path / "caffe.safetensors")
    load_published(network, str(tmp_path / "caffe.safetensors"))
    kinds = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.Linear)][:-1]
    assert [float(layer.weight.flatten()[0]) for layer in kinds] == [0, 2, 4, 6, 8, 10, 12]
    assert [layer.groups for layer in kinds if isinstance(layer, nn.Conv2d)] == [1, 2, 1, 2, 2]


def test_weights_of_another_network_are_refused_and_named(tmp_path: Path) -> None:
    network = Vgg16Cam(classes=2, width=4)
    state = {name: tensor.clone() for name, tensor in network.state_dict().items()}

    def refused(words: str, name: str, content: object = None) -> None:
        file = tmp_path / name
        if content is not None:
            torch.save(content, file)
        with pytest.raises(UsageError, match=words):
            load_published(network, str(file))

    refused("no such file", "absent.pth")
    refused(
        "1 of 26 tensors are missing, first features.12.bias",
        "a.pth",
        {k: v for k, v in state.items() if k != "features.12.bias"},
    )
    refused(
        "features.0.weight: expected 4 x 3 x 3 x 3, got 8 x 3 x 3 x 3",
        "b.pth",
        {**state, "features.0.weight": torch.zeros(8, 3, 3, 3)},
    )
    refused("26 of 26 tensors are missing", "c.pth", {"state_dict": state})
    refused("expected a state dict, got list", "d.pth", [1, 2])
    refused("cannot be read", "e.pth", {"code": Path})
    (tmp_path / "f.pth").write_bytes(b"junk")
    refused("cannot be read", "f.pth")
    (tmp_path / "g.safetensors").write_bytes(b"junk")
    refused("cannot be read", "g.safetensors")
    assert all(torch.equal(tensor, state[name]) for name, tensor in network.state_dict().items())


def test_weights_that_cannot_be_had_name_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*args: object, **kwargs: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", offline)
    with pytest.raises(UsageError, match=r"no route to host.*vgg16-397923af.pth.*--weights FILE.*--weights none"):
        load_published(Vgg16Cam(classes=2, width=4), "imagenet")
    with pytest.raises(UsageError, match=r"none for AlexNet with two towers.*--weights FILE.*towers=1"):
        load_published(AlexNetFrozen(classes=2, size=67, towers=2, width=6), "imagenet")


# --- what may move ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", SMALL, ids=NAMES)
def test_only_what_learns_moves(changes: dict[str, Any], tiny_classes: Recipes) -> None:
    torch.manual_seed(0)
    recipe = tiny_classes(**changes, optimiser="sgd", learning_rate=0.05, weight_decay=0.01, dropout=0.0)
    task = ClassificationModule(recipe.model_dump(), ["a", "b"]).train()
    optimizer = task.configure_optimizers()
    before = {name: p.clone() for name, p in task.network.named_parameters()}
    batch = torch.randn(4, 3, recipe.size, recipe.size), torch.tensor([0, 1, 0, 1])
    for _ in range(2):
        optimizer.zero_grad()
        task.answer(batch)[2].backward()
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


# --- maps ------------------------------------------------------------------------------------------------------------


def test_a_class_activation_map_is_the_matrix_product() -> None:
    """By hand: two channels of 2 x 2, three classes."""
    network = PooledClassifier(features=nn.Identity(), head=nn.Linear(2, 3), multiple=1)
    weights = np.array([[1.0, 0.0], [2.0, -1.0], [0.5, 0.5]])
    with torch.no_grad():
        network.head.weight.copy_(torch.tensor(weights))
        network.head.bias.copy_(torch.tensor([0.0, 1.0, -1.0]))
    features = np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 4.0, 8.0, 0.0]])  # a row each channel
    maps = activation_maps(np.float32(weights), np.float32(features).reshape(2, 2, 2))
    assert maps.reshape(3, 4).tolist() == (weights @ features).tolist()
    assert maps[1].tolist() == [[2, 0], [-2, 8]]
    logits = network(torch.tensor(features, dtype=torch.float32).reshape(1, 2, 2, 2))
    assert logits[0].tolist() == [2.5, 2 * 2.5 - 3 + 1, 0.5 * 2.5 + 0.5 * 3 - 1]


def test_heatmaps_appear_each_epoch_and_survive_a_resume(classes: Path, tmp_path: Path, tiny_classes: Recipes) -> None:
    settings = {"heatmap_photos": 2, "augmentation": "none"}
    train(tiny_classes(epochs=2, **settings), data=classes, run=tmp_path / "whole", threads=1)
    run = tmp_path / "run"
    train(tiny_classes(epochs=1, **settings), data=classes, run=run, threads=1)
    first = {path.name: path.read_bytes() for path in (run / "heatmaps").glob("*.png")}
    train(tiny_classes(epochs=2, **settings), data=classes, run=run, threads=1)
    pictures = sorted((run / "heatmaps").glob("*.png"))
    assert len(pictures) == 2
    assert {path.name for path in pictures} == set(first)
    for path in pictures:
        assert path.read_bytes() == (tmp_path / "whole" / "heatmaps" / path.name).read_bytes()
        with Image.open(path) as now:
            assert now.width > 300
            assert np.asarray(now.convert("L")).std() > 5
        assert path.read_bytes() != first[path.name]

    checkpoint = torch.load(run / "last.ckpt", weights_only=True)
    (seen,) = [state["seen"] for name, state in checkpoint["callbacks"].items() if name.startswith("Heatmaps")]
    assert sorted(seen) == [1, 2]
    recipe = tiny_classes(epochs=2, **settings)
    task = load_module(run / "last.ckpt", recipe)
    validation = [i for i in items_for(recipe, classes) if i.split is Split.VALIDATION]
    image, number = ClassifiedPictures(validation, recipe, labels=("green", "red"), multiple=1)[0]
    with torch.inference_mode():
        features, logits = task.network.features(image[None]), task.network(image[None])  # type: ignore[operator]
    weights = task.network.head.weight.detach().numpy()  # type: ignore[union-attr]
    maps = activation_maps(weights - weights.mean(axis=0), features[0].numpy())  # more than for the average class
    look = seen[2][0]
    assert torch.allclose(look["true"].float(), torch.from_numpy(maps[number]), atol=0.01)
    assert look["number"] == int(logits.argmax())
    assert look["scores"][0] == pytest.approx(float(logits.softmax(dim=1)[0, number]), abs=1e-5)


# --- splits ----------------------------------------------------------------------------------------------------------


def test_seven_to_three_is_dealt_by_class_and_by_group() -> None:
    items = [
        Item(
            "shop",
            Split.HOLDOUT if place < 10 else Split.TRAIN,
            Path(f"{label}{place}"),
            label=label,
            group=f"{label}{place // 2}",
        )
        for label, count in (("a", 70), ("b", 50))
        for place in range(count)
    ]
    dealt = deal_tenths(items, 3, seed=7)
    assert [i.photo for i in dealt] == [i.photo for i in items]
    assert [i.photo for i in dealt if i.split is Split.HOLDOUT] == [i.photo for i in items if i.split is Split.HOLDOUT]
    for label, there in (("a", 60), ("b", 40)):
        mine = [i for i in dealt if i.label == label and i.split is not Split.HOLDOUT]
        assert len(mine) == there
        assert sum(i.split is Split.VALIDATION for i in mine) == pytest.approx(0.3 * there, abs=2)
    splits: dict[str | None, set[Split]] = {}
    for item in dealt:
        splits.setdefault(item.group, set()).add(item.split)
    assert all(len(found) == 1 for found in splits.values())
    assert deal_tenths(items, 0, seed=7) == items
    with pytest.raises(UsageError, match="10 folds of"):
        deal_tenths(items[10:14], 3, seed=7)


# --- recipes, and as typed -------------------------------------------------------------------------------------------


def test_published_settings() -> None:
    cam, cnn, alexnet, vgg = (
        load_recipe(Path(name)) for name in ("vgg16-cam", "cnn3", "alexnet-frozen", "vgg16-finetune")
    )
    for recipe in (cam, cnn, alexnet, vgg):
        assert isinstance(recipe, ClassificationRecipe)
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
def test_settings_that_do_not_fit_are_named(changes: dict[str, Any], words: str, tiny_classes: Recipes) -> None:
    with pytest.raises(UsageError, match=words):
        tiny_classes(**changes)


@pytest.mark.parametrize("changes", SMALL, ids=NAMES)
def test_the_exported_network_answers_as_the_trained_one(changes: dict[str, Any], tiny_classes: Recipes) -> None:
    torch.manual_seed(0)
    recipe = tiny_classes(**changes)
    task = ClassificationModule(recipe.model_dump(), ["a", "b", "c"]).eval()
    data = to_onnx(task, size=(recipe.size, recipe.size), outputs=task.outputs)
    pictures = torch.randn(3, 3, recipe.size, recipe.size)
    (found,) = onnxruntime.InferenceSession(data).run(["probabilities"], {"image": pictures.numpy()})
    with torch.inference_mode():
        assert np.abs(found - task(pictures).numpy()).max() < 1e-5


def test_from_a_file_of_weights_to_a_card_that_names_it(
    classes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.pth"
    torch.save(Vgg16Finetune(classes=9, size=32, width=4).state_dict(), file)
    small = ["size=32", "width=4", "batch=8", "epochs=1", "workers=0"]
    options = [part for value in small for part in ("--set", value)]
    run = tmp_path / "run"
    asked = ["train", "vgg16-finetune", "--data", classes, *options, "--threads", 1]
    assert packshot(*asked, "-o", run, "--weights", file, "--json") == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["start"], record["network"], record["headline"]) == ("mine.pth", "vgg16-finetune", "accuracy")
    assert record["parameters"] == record["trainable"]
    assert packshot("export", run, "-o", tmp_path / "m.onnx", "--data", classes) == 0
    assert "parity" in capsys.readouterr().out
    card = read_card(tmp_path / "m.json")
    assert (card.task, card.labels, card.start) == ("classification", ("green", "red"), "mine.pth")
    assert card.provenance[0].name == "vgg16-finetune, published weights"
    assert card.metrics["parity/max"] < 0.02
    assert packshot("export", run, "-o", tmp_path / "n.onnx", "--data", classes, "--size", 64) == 2
    assert "vgg16-finetune has one size only" in capsys.readouterr().err
    assert packshot(*asked, "-o", tmp_path / "other", "--weights", tmp_path / "absent.pth") == 2
    assert "absent.pth': no such file" in capsys.readouterr().err


def test_without_weights_the_record_says_scratch(classes: Path, tiny_classes: Recipes, tmp_path: Path) -> None:
    recipe = tiny_classes(**SMALL[3], weights="none", epochs=0)
    record = train(recipe, data=classes, run=tmp_path / "run", threads=1)
    assert (record.start, record.network) == ("scratch", "alexnet-frozen/1")
    assert record.trainable < record.parameters
    plan = plan_for(recipe, open_items(classes, task="classification"), root=classes)
    assert plan.callbacks == ()
