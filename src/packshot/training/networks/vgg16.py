"""VGG-16 (Simonyan and Zisserman 2014, arXiv:1409.1556) for a shop's own classes: with maps, or whole."""

from __future__ import annotations

from torch import Tensor, nn
from torchvision.models import VGG16_Weights
from torchvision.models.vgg import make_layers

from packshot.training.networks.pooled import PooledClassifier

__all__ = ["Vgg16Cam", "Vgg16Finetune"]

#: Channels of the 13 convolutions, in multiples of the first's; "M" is a 2x2 max-pooling.
_PLAN: list[int | str] = [1, 1, "M", 2, 2, "M", 4, 4, 4, "M", 8, 8, 8, "M", 8, 8, 8, "M"]


class Vgg16Cam(PooledClassifier):
    """VGG-16 up to conv5_3 without pool5, a 3x3 convolution of 1024 channels with ReLU, mean, softmax.

    With 2 classes 19,436,354 parameters: 14,714,688 in the 13 convolutions, 4,719,616 in the new one, 2,050 in the
    last layer. All of them learn. At 224 px the maps are 14 x 14.

    Args:
        classes: how many.
        width: channels of the first convolution; 64 is VGG-16's.

    Attributes:
        imagenet: the weights it can begin with.
        transferred: name of a tensor in a file of weights -> name of it here: all 13 convolutions.
    """

    imagenet = VGG16_Weights.IMAGENET1K_V1

    def __init__(self, *, classes: int, width: int = 64) -> None:
        convolutions = _convolutions(width)
        names = [f"features.{name}" for name, _ in convolutions.named_parameters()]
        new = nn.Conv2d(8 * width, 16 * width, 3, padding=1)
        features = nn.Sequential(*list(convolutions)[:-1], new, nn.ReLU(inplace=True))
        super().__init__(features=features, head=nn.Linear(16 * width, classes), multiple=16)
        self.transferred = {name: name for name in names}
        _begin(self)


class Vgg16Finetune(nn.Module):
    """The whole VGG-16 with a new softmax, all of it learning.

    With 2 classes and 224 px 134,268,738 parameters: 14,714,688 in the convolutions, 102,764,544 + 16,781,312 in the
    two dense layers, 8,194 in the last one.

    Args:
        classes: how many.
        size: side of the input in pixels, a multiple of 32; ImageNet's dense layers fit 224 alone.
        width: channels of the first convolution; 64 is VGG-16's.
        dropout: behind both dense layers.

    Attributes:
        imagenet: the weights it can begin with.
        transferred: name of a tensor in a file of weights -> name of it here: all but the last layer.
    """

    imagenet = VGG16_Weights.IMAGENET1K_V1

    def __init__(self, *, classes: int, size: int = 224, width: int = 64, dropout: float = 0.5) -> None:
        super().__init__()
        self.multiple = 1
        dense = 64 * width
        self.features = _convolutions(width)
        self.classifier = nn.Sequential(
            nn.Linear(8 * width * (size // 32) ** 2, dense),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(dense, dense),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
        )
        self.head = nn.Linear(dense, classes)
        self.transferred = {name: name for name, _ in self.named_parameters() if not name.startswith("head.")}
        _begin(self)

    def forward(self, image: Tensor) -> Tensor:
        """Class logits, float (n, classes), of a normalised float (n, 3, size, size)."""
        return self.head(self.classifier(self.features(image).flatten(1)))


def _convolutions(width: int) -> nn.Sequential:
    """Numbered as torchvision's, so that its weights fit by name."""
    return make_layers([part if isinstance(part, str) else part * width for part in _PLAN])


def _begin(network: nn.Module) -> None:
    """Fresh weights as torchvision begins VGG: from torch's smaller ones 13 layers without norms stand still."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]  # all of them have one
        elif isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)
