"""The way back: the file that ships, as a network that can learn on."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from packshot.errors import UsageError
from packshot.training.cutout.module import CutoutModule
from packshot.training.cutout.start import start_from
from packshot.training.export.onnx_file import halve_weights, to_onnx
from packshot.training.networks.cutout_net import CutoutNet
from packshot.training.networks.from_onnx import load_onnx_weights, restore_statistics


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
    network = CutoutNet(encoder="efficientnet_lite0").train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.randn(4, 3, 64, 64))
    network.eval()
    file = tmp_path_factory.mktemp("exported") / "network.onnx"
    file.write_bytes(halve_weights(to_onnx(Alpha(network), size=(64, 64), outputs=["alpha"])))
    return network, file


def test_the_restored_network_answers_as_the_file_does(exported: tuple[CutoutNet, Path]) -> None:
    original, file = exported
    restored = CutoutNet(encoder="efficientnet_lite0")
    load_onnx_weights(restored, file)
    image = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(Alpha(restored).eval()(image), Alpha(original).eval()(image), atol=5e-3)


def test_statistics_are_restored_without_changing_the_answer(exported: tuple[CutoutNet, Path]) -> None:
    restored = CutoutNet(encoder="efficientnet_lite0")
    load_onnx_weights(restored, exported[1])
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


def test_a_file_of_another_encoder_is_refused(exported: tuple[CutoutNet, Path]) -> None:
    with pytest.raises(UsageError, match="another architecture"):
        load_onnx_weights(CutoutNet(encoder="efficientnet_lite2"), exported[1])


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x09"])
def test_a_foreign_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.onnx").write_bytes(content)
    with pytest.raises(UsageError):
        load_onnx_weights(CutoutNet(encoder="efficientnet_lite0"), tmp_path / "x.onnx")


def test_a_checkpoint_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ckpt").write_bytes(b"junk")
    task = CutoutModule(pretrained=False)
    with pytest.raises(UsageError, match="not a checkpoint"):
        start_from(task, str(tmp_path / "x.ckpt"), samples=list, name="cutout")  # type: ignore[arg-type,return-value]
    with pytest.raises(UsageError, match="no such file"):
        start_from(task, str(tmp_path / "y.ckpt"), samples=list, name="cutout")  # type: ignore[arg-type,return-value]
