"""The network that describes: one backbone, and linear heads on its global average."""

from __future__ import annotations

from typing import Protocol, cast

import timm
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from packshot.training.networks.frozen import FrozenParts
from packshot.training.recipe import Encoder

__all__ = ["DescribeNet"]

_STAGES = 7  # of an EfficientNet, without stem and last convolution
_FINER = 5  # after so many stages features are twice as fine as the last ones


class _Lite(Protocol):
    """The parts of timm's EfficientNet-Lite."""

    conv_stem: nn.Module
    bn1: nn.Module
    blocks: nn.Sequential
    conv_head: nn.Module
    bn2: nn.Module


class DescribeNet(FrozenParts):
    """Logits of all heads, an embedding, and the last feature map of a normalised picture.

    The heads are linear on the mean of the feature map, so a label's class-activation map (Zhou et al., 2016) is the
    product of its row of weights with the map.

    Args:
        labels: of all heads together; may be 0.
        embedding: numbers of the embedding; 0 takes the mean itself.
        encoder: the backbone, an EfficientNet-Lite.
    """

    multiple = 32

    def __init__(self, *, labels: int, embedding: int, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = timm.create_model(encoder, pretrained=False, num_classes=0, global_pool="")
        channels = int(self.encoder.num_features)  # type: ignore[arg-type]
        self.dropout = nn.Dropout(0.2)
        self.heads = _Heads(channels, labels)
        self.projection = nn.Linear(channels, embedding, bias=False) if embedding else nn.Identity()

    def freeze(self, stages: int) -> None:
        """Stop the stem and the first stages from learning; 8 stops the whole backbone."""
        encoder = cast(_Lite, self.encoder)
        if stages > _STAGES:
            self.freeze_parts(self.encoder)
        elif stages > 0:
            self.freeze_parts(encoder.conv_stem, encoder.bn1, *encoder.blocks[:stages])

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Look at pictures.

        Args:
            image: float (n, 3, h, w), normalised; h and w multiples of 32.

        Returns:
            Logits (n, labels), the embedding (n, d) with length 1, and the features (n, 1280, h / 32, w / 32).
        """
        features, _ = self.features(image)
        return *self.answers(features), features

    def features(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """The features (n, 1280, h / 32, w / 32), and finer ones on the way to them (n, c, h / 16, w / 16)."""
        encoder = cast(_Lite, self.encoder)
        finer = encoder.blocks[:_FINER](encoder.bn1(encoder.conv_stem(image)))
        return encoder.bn2(encoder.conv_head(encoder.blocks[_FINER:](finer))), finer

    def answers(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (n, labels) and embedding (n, d) of features."""
        mean = features.mean(dim=(2, 3))
        return self.heads(self.dropout(mean)), F.normalize(self.projection(mean), dim=1)


class _Heads(nn.Module):
    """A linear layer that starts small, and may have no rows, of which torch's own warns."""

    def __init__(self, channels: int, labels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(0.01 * torch.randn(labels, channels))
        self.bias = nn.Parameter(torch.zeros(labels))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)
