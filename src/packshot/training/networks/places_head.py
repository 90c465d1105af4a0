"""A describing network that also says of each place what is there."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from packshot.explanation import POSITIONS
from packshot.training.networks.describe_net import DescribeNet

__all__ = ["PlacedNet", "PlacesHead"]


class PlacesHead(nn.Module):
    """Logits of tags at the places of a finer grid: linear in two feature maps, and in where on the product a place is.

    Args:
        coarse: channels of the last features.
        fine: channels of those twice as fine.
        tags: how many.

    Attributes:
        positions: float (tags, 12), weights of `packshot.explanation.position_basis`.
    """

    def __init__(self, *, coarse: int, fine: int, tags: int) -> None:
        super().__init__()
        self.coarse = nn.Conv2d(coarse, tags, 1, bias=False)
        self.fine = nn.Conv2d(fine, tags, 1)
        self.positions = nn.Parameter(torch.zeros(tags, POSITIONS))

    def forward(self, features: Tensor, finer: Tensor) -> Tensor:
        """Float (n, tags, h, w) on the finer grid; what the position says is not in it."""
        size = finer.shape[2:]
        # A 1 x 1 convolution and a bilinear enlargement may change places: few maps are enlarged, not many channels.
        enlarged = F.interpolate(self.coarse(features), size=size, mode="bilinear", align_corners=False)
        return enlarged + self.fine(finer)


class PlacedNet(nn.Module):
    """What is exported: a describing network's answers, and those of its head for places, of one pass.

    Args:
        network: the describing network.
        places: fitted to its features.
    """

    outputs = ("logits", "embedding", "features", "weights", "places", "positions")

    def __init__(self, network: DescribeNet, places: PlacesHead) -> None:
        super().__init__()
        self.network, self.places = network, places

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Ask about pictures.

        Returns:
            Logits (n, labels), embedding (n, d), features (n, c, h, w), the heads' weights (labels, c), logits of
            places (n, tags, 2 h, 2 w), and weights of positions (tags, 12).
        """
        features, finer = self.network.features(image)
        logits, embedding = self.network.answers(features)
        return (
            logits, embedding, features, self.network.heads.weight, self.places(features, finer), self.places.positions,
        )  # fmt: skip
