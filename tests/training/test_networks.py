"""The networks are the published ones, to the parameter."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn
from torchvision.models.detection import MaskRCNN_ResNet50_FPN_V2_Weights

from packshot.errors import UsageError
from packshot.training.networks.cutout_net import CutoutNet
from packshot.training.networks.imagenet import load_imagenet
from packshot.training.networks.maskrcnn import PRODUCTS, MaskRcnn
from packshot.training.networks.tiny_classifier import TinyClassifier
from packshot.training.networks.tiramisu import Tiramisu
from packshot.training.networks.unet import UNet

pytestmark = pytest.mark.train
#: The classes that the published weights name.
COCO = MaskRCNN_ResNet50_FPN_V2_Weights.COCO_V1.meta["categories"]


def parameters(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def test_tiramisu_has_the_published_size() -> None:
    """9,152,225 in Keras, which counts the batch norms' statistics; 9,052,225 of them trainable; 103 convolutions."""
    network = Tiramisu()
    statistics = sum(b.numel() for name, b in network.named_buffers() if "num_batches" not in name)
    convolutions = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d)]
    assert parameters(network) == 9_052_225
    assert parameters(network) + statistics == 9_152_225
    assert len(convolutions) == 103
    assert network.first.out_channels == 32
    assert {m.p for m in network.modules() if isinstance(m, nn.Dropout)} == {0.2}


@pytest.mark.parametrize(("head", "size"), [("published", 31_032_837), ("fixed", 31_031_745)])
def test_unet_has_the_published_size(head: str, size: int) -> None:
    """The fixed head: 1,156 parameters of the 64 -> 2 -> 1 head less, 64 weights and a bias more."""
    assert parameters(UNet(head=head)) == size  # type: ignore[arg-type]
    assert 31_032_837 - (64 * 9 * 2 + 2) - (2 + 1) + (64 + 1) == 31_031_745


def test_published_unet_head_is_a_relu_on_two_channels() -> None:
    first, relu, last = UNet(width=4).head
    assert (first.out_channels, first.kernel_size) == (2, (3, 3))
    assert isinstance(relu, nn.ReLU)
    assert (last.in_channels, last.out_channels, last.kernel_size) == (2, 1, (1, 1))


@pytest.mark.parametrize(
    "network", [Tiramisu(layers=(2, 2), bottleneck=2, growth=4, first=8), UNet(width=4, head="fixed")]
)
def test_a_mask_has_the_pictures_size_and_each_picture_its_own_answer(network: nn.Module) -> None:
    network.eval()
    images = torch.randn(2, 3, 48, 64)
    both = network(images)
    assert both.shape == (2, 1, 48, 64)
    assert torch.allclose(both[1:], network(images[1:]), atol=1e-5)


def test_tiny_classifier_is_a_class_activation_map() -> None:
    """The mean over the map of each class is the class's logit, less its bias (Zhou et al. 2016)."""
    network = TinyClassifier(classes=3, width=4).eval()
    image = torch.randn(1, 3, 32, 48)
    maps = torch.einsum("kc,nchw->nkhw", network.head.weight, network.features(image))
    assert torch.allclose(maps.mean(dim=(2, 3)) + network.head.bias, network(image), atol=1e-5)


# --- Mask R-CNN ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def maskrcnn(tmp_path_factory: pytest.TempPathFactory) -> tuple[MaskRcnn, Path]:
    torch.manual_seed(0)
    network = MaskRcnn(weights="none", min_score=0.0, min_size=64).eval()
    file = tmp_path_factory.mktemp("weights") / "maskrcnn.pth"
    torch.save(network.model.state_dict(), file)
    return network, file


def test_maskrcnn_is_torchvisions(maskrcnn: tuple[MaskRcnn, Path]) -> None:
    # torchvision's table of weights: 46,359,409 parameters.
    assert parameters(maskrcnn[0]) == 46_359_409


def test_products_are_coco_classes() -> None:
    assert set(COCO) >= PRODUCTS
    assert "person" not in PRODUCTS


def test_the_mask_is_the_union_of_the_wanted_detections(maskrcnn: tuple[MaskRcnn, Path]) -> None:
    network, _ = maskrcnn
    masks = torch.zeros(4, 1, 8, 8)
    for place in range(4):
        masks[place, 0, place] = 0.9 - 0.1 * place
    person, cup, car = COCO.index("person"), COCO.index("cup"), COCO.index("car")

    class Answers(nn.Module):
        def forward(self, images: list[torch.Tensor]) -> list[dict[str, torch.Tensor]]:
            scores, labels = torch.tensor([0.9, 0.8, 0.9, 0.3]), torch.tensor([person, cup, car, cup])
            return [{"scores": scores, "labels": labels, "masks": masks} for _ in images]

    stub = MaskRcnn.__new__(MaskRcnn)
    nn.Module.__init__(stub)
    stub.model, stub.min_score, stub.wanted = Answers(), 0.5, network.wanted
    found = stub.foreground(torch.zeros(1, 3, 8, 8))[0, 0, :, 0]
    assert found[:4].tolist() == pytest.approx([0.9, 0.8, 0, 0])  # a car is no product, 0.3 is below the score
    assert torch.sigmoid(stub(torch.zeros(1, 3, 8, 8)))[0, 0, :, 0].tolist() == pytest.approx(found.tolist(), abs=1e-5)


def test_maskrcnn_takes_a_file_and_answers_every_photo(maskrcnn: tuple[MaskRcnn, Path]) -> None:
    network, file = maskrcnn
    again = MaskRcnn(weights=str(file), min_score=0.0, min_size=64).eval()
    assert torch.equal(again.model.backbone.body.conv1.weight, network.model.backbone.body.conv1.weight)  # type: ignore[union-attr]
    with torch.inference_mode():
        found = again.foreground(torch.randn(1, 3, 64, 96))
    assert found.shape == (1, 1, 64, 96)
    assert 0 <= found.min() <= found.max() <= 1


def test_weights_that_are_not_there_name_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be had.*--set weights=FILE"):
        MaskRcnn(weights=str(tmp_path / "none.pth"))


def test_weights_that_cannot_be_downloaded_name_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*args: object, **kwargs: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", offline)
    with pytest.raises(UsageError, match=r"no route to host.*--set weights=FILE"):
        MaskRcnn(weights="coco")


def test_foreign_and_dangerous_weights_are_refused(tmp_path: Path) -> None:
    torch.save({"layer": torch.zeros(1)}, tmp_path / "foreign.pth")
    torch.save({"code": Path}, tmp_path / "pickle.pth")
    (tmp_path / "junk.safetensors").write_bytes(b"junk")
    for name in ("foreign.pth", "pickle.pth", "junk.safetensors"):
        with pytest.raises(UsageError, match="not a state dict of maskrcnn"):
            MaskRcnn(weights=str(tmp_path / name))


# --- encoders --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoder", ["efficientnet_lite1", "efficientnet_lite2"])
def test_larger_encoders_take_their_imagenet_weights(encoder: str) -> None:
    network = CutoutNet(encoder=encoder).eval()  # type: ignore[arg-type]
    before = network.encoder.conv_stem.weight.clone()  # type: ignore[operator, union-attr]
    load_imagenet(network.encoder, network.encoder_name, top=False)
    assert not torch.equal(before, network.encoder.conv_stem.weight)  # type: ignore[arg-type, union-attr]
    assert network(torch.zeros(1, 3, 64, 64))[0].shape == (1, 5, 64, 64)
