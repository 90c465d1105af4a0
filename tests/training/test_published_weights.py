"""Published weights: whose tensors go where, what is refused, and what the record and the card say of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torchvision
from packshot_tests.command import exit_code as packshot
from packshot_tests.recipes import ClassRecipes
from safetensors.torch import save_file
from torch import nn

from packshot.datasets import open_items
from packshot.errors import UsageError
from packshot.runtime import read_card
from packshot.training.classification.published import load_published
from packshot.training.loop import train
from packshot.training.networks.alexnet_frozen import AlexNetFrozen
from packshot.training.networks.vgg16 import Vgg16Cam, Vgg16Finetune
from packshot.training.registry import plan_for

pytestmark = pytest.mark.train


@pytest.mark.parametrize(
    ("kind", "theirs", "fresh"),
    [
        (Vgg16Cam, torchvision.models.vgg16, {"features.30.weight", "features.30.bias"}),
        (Vgg16Finetune, torchvision.models.vgg16, set()),
        (AlexNetFrozen, torchvision.models.alexnet, set()),
    ],
)
def test_torchvisions_tensors_fit_by_name_and_shape(
    kind: type[Vgg16Cam | Vgg16Finetune | AlexNetFrozen], theirs: Callable[[], nn.Module], fresh: set[str]
) -> None:
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
    layers = [layer for layer in network.features.children() if isinstance(layer, nn.Conv2d)]
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
        "1 of 26 tensors is missing, first features.12.bias",
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


def test_without_weights_the_record_says_scratch(classes: Path, tiny_classes: ClassRecipes, tmp_path: Path) -> None:
    recipe = tiny_classes(network="alexnet-frozen", width=4, size=67, weights="none", epochs=0)
    record = train(recipe, data=classes, run=tmp_path / "run", threads=1)
    assert (record.start, record.network) == ("scratch", "alexnet-frozen/1")
    assert record.trainable < record.parameters
    plan = plan_for(recipe, open_items(classes, task="classification"), root=classes)
    assert plan.callbacks == ()
