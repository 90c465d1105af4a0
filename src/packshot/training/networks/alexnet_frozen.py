"""AlexNet (Krizhevsky et al. 2012) as a fixed measure of pictures: only a new softmax learns."""

from __future__ import annotations

from typing import Literal

from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models import AlexNet_Weights

from packshot.training.networks.frozen import FrozenParts

__all__ = ["AlexNetFrozen"]


class AlexNetFrozen(FrozenParts):
    """AlexNet up to its 4096 last features, which never change, and a new softmax.

    Two layouts go by the name. With 2 classes and 227 px, of which 8,194 parameters learn:

    - two towers, the original: convolutions 2, 4 and 5 see half of the channels each, as on its two graphics cards,
      and the first two are normalised across channels (as in Caffe's reference, whose weights are the published
      ones). 56,876,418 parameters: 2,334,080 + 37,752,832 + 16,781,312 + 8,194.
    - one tower, torchvision's (Krizhevsky 2014, arXiv:1404.5997): 57,012,034, because its convolutions have
      2,469,696.

    Frozen features are asked without dropout, so that a picture always has the same ones.

    Args:
        classes: how many.
        size: side of the input in pixels, at least 67; the published dense layers fit 227 alone.
        towers: 1 or 2.
        width: channels of the first convolution: 64 in one tower, 96 in two, there a multiple of 6.

    Attributes:
        imagenet: torchvision's weights; None for two towers, which it does not have.
        transferred: name of a tensor in a file of weights -> name of it here: all but the last layer. For two towers
            they are Caffe's, ``conv1.weight`` to ``fc7.bias``.
    """

    def __init__(self, *, classes: int, size: int = 227, towers: Literal[1, 2] = 1, width: int = 64) -> None:
        super().__init__()
        self.multiple = 1
        self.is_frozen = True
        self.imagenet = AlexNet_Weights.IMAGENET1K_V1 if towers == 1 else None
        self.features = _one_tower(width) if towers == 1 else _two_towers(width)
        channels, dense = (4 * width, 64 * width) if towers == 1 else (width // 3 * 8, width // 3 * 128)
        # The classifier's layers are numbered as torchvision's.
        self.classifier = nn.Sequential(
            nn.Dropout(),
            nn.Linear(channels * _side(size, padding=2 if towers == 1 else 0) ** 2, dense),
            nn.ReLU(inplace=True),
            nn.Dropout(),
            nn.Linear(dense, dense),
            nn.ReLU(inplace=True),
        )
        self.freeze_parts(self.features, self.classifier)
        own = [name for name, _ in self.named_parameters()]
        caffe = [f"{layer}.{part}" for layer in _CAFFE for part in ("weight", "bias")]
        self.transferred = dict(zip(own if towers == 1 else caffe, own, strict=True))
        self.head = nn.Linear(dense, classes)

    def forward(self, image: Tensor) -> Tensor:
        """Class logits, float (n, classes), of a normalised float (n, 3, size, size)."""
        return self.head(self.frozen_features(image))

    def frozen_features(self, image: Tensor) -> Tensor:
        """The last features, float (n, 4096): all that the last layer sees."""
        return self.classifier(self.features(image).flatten(1))


class _AcrossChannels(nn.Module):
    """Local response normalisation over five channels, as in section 3.3 of the paper with Caffe's constant 1.

    The same as torch's own, which exports a branch on the picture's shape that no reader but ONNX Runtime follows.
    """

    def forward(self, features: Tensor) -> Tensor:
        """Float (n, c, h, w), of the same shape."""
        squares = (features * features).unsqueeze(1)
        near = F.avg_pool3d(squares, (5, 1, 1), stride=1, padding=(2, 0, 0))[:, 0]
        return features / (1 + 1e-4 * near) ** 0.75


_CAFFE = ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7")


def _one_tower(width: int) -> nn.Sequential:
    return nn.Sequential(
        *(nn.Conv2d(3, width, 11, stride=4, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(width, 3 * width, 5, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(3 * width, 6 * width, 3, padding=1), nn.ReLU(inplace=True)),
        *(nn.Conv2d(6 * width, 4 * width, 3, padding=1), nn.ReLU(inplace=True)),
        *(nn.Conv2d(4 * width, 4 * width, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2)),
    )


def _two_towers(width: int) -> nn.Sequential:
    a, b, c = width, width // 3 * 8, 4 * width

    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, stride=4), nn.ReLU(inplace=True), _AcrossChannels(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2, groups=2), nn.ReLU(inplace=True), _AcrossChannels(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU(inplace=True)),
        *(nn.Conv2d(c, c, 3, padding=1, groups=2), nn.ReLU(inplace=True)),
        *(nn.Conv2d(c, b, 3, padding=1, groups=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2)),
    )


def _side(size: int, *, padding: int) -> int:
    """Of the last features, in pixels: one convolution of stride 4, three poolings."""
    side = (size + 2 * padding - 11) // 4 + 1
    for _ in range(3):
        side = (side - 3) // 2 + 1
    return side
