"""The way back: the file that ships, as a network that can learn on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from packshot.errors import UsageError
from packshot.runtime import read_card, shipped_folder
from packshot.training.cutout.module import CutoutModule
from packshot.training.describe.module import DescribeModule
from packshot.training.describe.recipe import DescribeRecipe
from packshot.training.describe.start import start_description_from
from packshot.training.export.onnx_file import to_onnx
from packshot.training.networks.cutout_net import CutoutNet
from packshot.training.networks.describe_net import DescribeNet
from packshot.training.networks.from_onnx import load_onnx_weights, restore_statistics
from packshot.training.networks.overlay_net import OverlayNet
from packshot.training.networks.packed_weights import pack_weights
from packshot.training.networks.side_net import SideNet
from packshot.training.start import start_from, start_origins

LIKE = torch.zeros(1, 3, 64, 64)
LITE0: Final = "efficientnet_lite0"


class Alpha(nn.Module):
    """What is exported of a CutoutNet."""

    def __init__(self, network: CutoutNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.network(image)[0])


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[CutoutNet, Path]:
    """A network with batch norms that have seen something, and its file in half precision."""
    torch.manual_seed(5)
    network = CutoutNet(encoder=LITE0).train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.randn(4, 3, 64, 64))
    network.eval()
    file = tmp_path_factory.mktemp("exported") / "network.onnx"
    file.write_bytes(pack_weights(to_onnx(Alpha(network), size=(64, 64), outputs=["alpha"])))
    return network, file


def test_the_restored_network_answers_as_the_file_does(exported: tuple[CutoutNet, Path]) -> None:
    original, file = exported
    restored = CutoutNet(encoder=LITE0)
    load_onnx_weights(restored, file, like=LIKE)
    image = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(Alpha(restored).eval()(image), Alpha(original).eval()(image), atol=5e-3)


@pytest.mark.parametrize(
    ("name", "output", "shape"),
    [("cutout", "alpha", (96, 64)), ("frame", "sides", (256, 128)), ("overlay", "places", (256, 256)),
     ("describe", "embedding", (288, 288)), ("describe", "features", (288, 288)), ("describe", "logits", (288, 288))],
)  # fmt: skip
def test_each_network_that_ships_comes_back_as_it_is(name: str, output: str, shape: tuple[int, int]) -> None:
    """ONNX Runtime's answers are the oracle, of the same file."""
    file = shipped_folder() / f"{name}.onnx"
    torch.manual_seed(3)
    image = torch.randn(1, 3, *shape)
    network = _shipped(name)
    load_onnx_weights(network, file, like=image)
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    (expected,) = session.run([output], {session.get_inputs()[0].name: image.numpy()})
    with torch.no_grad():
        assert np.allclose(_answer(network.eval(), output, image), expected, atol=1e-3)


def _shipped(name: str) -> nn.Module:
    if name == "describe":
        labels = sum(len(head.labels) for head in read_card(shipped_folder() / "describe.json").heads)
        return DescribeNet(labels=labels, embedding=128, encoder="efficientnet_lite2")
    networks = {"frame": SideNet, "overlay": OverlayNet}
    return networks[name]() if name in networks else CutoutNet(encoder="efficientnet_lite2")


def _answer(network: nn.Module, output: str, image: torch.Tensor) -> torch.Tensor:
    found = network(image)
    if output == "alpha":
        return torch.sigmoid(found[0][:, :1])
    if output == "sides":
        return torch.softmax(found[1], dim=2)
    return torch.sigmoid(found[1]) if output == "places" else found[["logits", "embedding", "features"].index(output)]


def test_statistics_are_restored_without_changing_the_answer(exported: tuple[CutoutNet, Path]) -> None:
    restored = CutoutNet(encoder=LITE0)
    load_onnx_weights(restored, exported[1], like=LIKE)
    image = torch.randn(8, 3, 64, 64)
    restored.eval()
    with torch.no_grad():
        before = restored(image)[0]
        restore_statistics(restored, [image])
        after = restored(image)[0]
        assert torch.allclose(before, after, atol=2e-3)
        # On the very pictures they were measured on, training mode (batch statistics) now answers alike.
        drop_path_free = restored.train()
        trained = drop_path_free(image)[0]
    assert float((trained - after).abs().mean()) < 0.05 * float(after.std())


def test_statistics_of_sequences_are_those_of_numpy() -> None:
    """`nn.BatchNorm1d` over (n, channels, length), as the frame network has it."""
    network = nn.Sequential(nn.BatchNorm1d(2)).eval()
    seen = torch.tensor([[[1.0, 2.0, 3.0], [10.0, 10.0, 16.0]], [[5.0, 5.0, 8.0], [12.0, 12.0, 12.0]]])
    restore_statistics(network, [seen])
    norm = network[0]
    assert isinstance(norm, nn.BatchNorm1d)
    assert norm.running_mean is not None
    assert norm.running_var is not None
    assert np.allclose(norm.running_mean, seen.numpy().mean(axis=(0, 2)))
    assert np.allclose(norm.running_var, seen.numpy().var(axis=(0, 2)))


def _describing(labels: Sequence[str], head: str = "tags") -> DescribeModule:
    recipe = DescribeRecipe(taxonomy="", tags=True, encoder="efficientnet_lite2", embedding=128)
    heads = [{"name": head, "kind": "tags", "labels": list(labels)}]
    return DescribeModule(recipe.model_dump(), heads, pretrained=False)


class _Views(torch.utils.data.Dataset[tuple[torch.Tensor, ...]]):
    """Two views of a picture each, as a describing network learns from."""

    def __len__(self) -> int:
        return 3

    def __getitem__(self, place: int) -> tuple[torch.Tensor, ...]:
        return (torch.randn(2, 3, 64, 64),)


def test_a_shops_own_labels_go_on_from_those_of_one_name() -> None:
    card = read_card(shipped_folder() / "describe.json")
    tags = next(head for head in card.heads if head.name == "tags")
    first = sum(len(head.labels) for head in card.heads[: card.heads.index(tags)])
    stored = onnx.load(shipped_folder() / "describe.onnx").graph.initializer
    rows = next(
        onnx.numpy_helper.to_array(each) for each in stored if each.name.startswith("task.network.heads.weight")
    )
    module = _describing(["brocade", tags.labels[4], tags.labels[0]])
    before = module.network.heads.weight.detach().clone()
    start_description_from(module, "shipped", ships="describe", samples=_Views, name="describe")
    after = module.network.heads.weight.detach()
    assert np.allclose(after[1], rows[first + 4], atol=1e-3)
    assert np.allclose(after[2], rows[first], atol=1e-3)
    assert torch.equal(after[0], before[0])  # a label of the shop's own starts anew
    other = _describing([tags.labels[4]], head="mood")  # another question with the same word is another label
    kept = other.network.heads.weight.detach().clone()
    start_description_from(other, "shipped", ships="describe", samples=_Views, name="describe")
    assert torch.equal(other.network.heads.weight, kept)


def test_the_card_names_what_the_start_was_made_from() -> None:
    shipped = read_card(shipped_folder() / "cutout.json")
    weights, *made_from = start_origins("shipped", ships="cutout")
    assert weights.name == "cutout, shipped weights"
    assert weights.licence == shipped.licence
    assert tuple(made_from) == shipped.provenance
    assert [each.name for each in start_origins("runs/gone.onnx", ships="cutout")] == ["weights of runs/gone.onnx"]
    assert start_origins("", ships="cutout") == ()


def test_a_file_of_another_encoder_is_refused(exported: tuple[CutoutNet, Path]) -> None:
    with pytest.raises(UsageError, match="another architecture"):
        load_onnx_weights(CutoutNet(encoder="efficientnet_lite2"), exported[1], like=LIKE)


def test_a_file_of_another_task_is_refused() -> None:
    with pytest.raises(UsageError, match="another architecture"):
        load_onnx_weights(SideNet(), shipped_folder() / "overlay.onnx", like=torch.zeros(1, 3, 256, 128))


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x09"])
def test_a_foreign_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.onnx").write_bytes(content)
    with pytest.raises(UsageError):
        load_onnx_weights(CutoutNet(encoder=LITE0), tmp_path / "x.onnx", like=LIKE)


def test_a_checkpoint_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ckpt").write_bytes(b"junk")
    task = CutoutModule(pretrained=False)
    with pytest.raises(UsageError, match="not a checkpoint"):
        start_from(task, str(tmp_path / "x.ckpt"), ships="cutout", samples=_Views, name="cutout")
    with pytest.raises(UsageError, match="no such file"):
        start_from(task, str(tmp_path / "y.ckpt"), ships="cutout", samples=_Views, name="cutout")
