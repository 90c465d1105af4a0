"""Our frame network: each side looked at closely by the same weights, then told of the other three."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from packshot.runtime.side_strips import DEPTH, LENGTH

__all__ = ["SideNet"]

_LENGTHWISE = ((16, 5, 4), (16, 3, 2), (32, 3, 2))  # channels, kernel along the side, stride along the side
_WIDTH = 48
_STATISTICS = 3  # mean, largest and least along the side


class SideNet(nn.Module):
    """How likely a picture is framed, and where the band ends on each side.

    Convolutions shorten each strip along the side and leave its depth whole. What is left of the length becomes mean,
    largest and least: an edge of a frame runs along the whole side, one of a product seldom does. Then each side is a
    sequence over depth; half-way, every side hears the mean and the largest of what all four found, because a band that
    looks like a wall tells little alone and much beside three others of the same width.
    """

    def __init__(self) -> None:
        super().__init__()
        self.multiple = 1
        layers: list[nn.Module] = []
        channels = 3
        for width, kernel, stride in _LENGTHWISE:
            layers += _convolution(channels, width, (3, kernel), (1, stride))
            channels = width
        self.lengthwise = nn.Sequential(*layers)
        self.project = _sequence(_STATISTICS * channels, _WIDTH, 1, 1)
        self.depth = nn.Parameter(torch.zeros(_WIDTH, DEPTH))
        self.alone = nn.ModuleList(_sequence(_WIDTH, _WIDTH, 5, dilation) for dilation in (1, 2, 4))
        self.context = nn.Linear(6 * _WIDTH, _WIDTH)
        self.together = nn.ModuleList(_sequence(_WIDTH, _WIDTH, 5, dilation) for dilation in (1, 2))
        self.bands = nn.Conv1d(_WIDTH, 1, 1)
        self.none = nn.Linear(2 * _WIDTH, 1)
        self.framed = nn.Sequential(nn.Linear(4 * _WIDTH, _WIDTH), nn.ReLU(inplace=True), nn.Linear(_WIDTH, 1))

    def forward(self, sheet: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the picture and of its sides.

        Args:
            sheet: float (n, 3, 4 * 64, 128), the strips of left, top, right and bottom, normalised.

        Returns:
            float (n,) for a frame, and float (n, 4, 65): no band, or its end after each row of the strip.
        """
        strips = sheet.reshape(-1, 3, 4, DEPTH, LENGTH).transpose(1, 2).flatten(0, 1)  # (4 n, 3, depth, length)
        features = self.lengthwise(strips)
        along = torch.cat([features.mean(3), features.amax(3), features.amin(3)], dim=1)  # (4 n, 3 c, depth)
        rows = self.project(along) + self.depth
        for layer in self.alone:
            rows = rows + layer(rows)
        side = _summary(rows).reshape(-1, 4, 2 * _WIDTH)  # (n, 4, 2 width)
        picture = torch.cat([side.mean(1), side.amax(1)], dim=1)
        heard = torch.cat([side, picture[:, None].expand(-1, 4, -1)], dim=2)
        rows = rows + self.context(heard).flatten(0, 1)[..., None]
        for layer in self.together:
            rows = rows + layer(rows)
        side = _summary(rows)
        sides = torch.cat([self.none(side), self.bands(rows).squeeze(1)], dim=1).reshape(-1, 4, 1 + DEPTH)
        side = side.reshape(-1, 4, 2 * _WIDTH)
        return self.framed(torch.cat([side.mean(1), side.amax(1)], dim=1)).squeeze(1), sides


def _summary(rows: Tensor) -> Tensor:
    """Mean and largest over depth: (m, 2 width) of (m, width, depth)."""
    return torch.cat([rows.mean(2), rows.amax(2)], dim=1)


def _convolution(i: int, o: int, kernel: tuple[int, int], stride: tuple[int, int]) -> list[nn.Module]:
    padding = kernel[0] // 2, kernel[1] // 2
    return [nn.Conv2d(i, o, kernel, stride, padding, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True)]


def _sequence(i: int, o: int, kernel: int, dilation: int) -> nn.Sequential:
    padding = kernel // 2 * dilation
    return nn.Sequential(
        nn.Conv1d(i, o, kernel, padding=padding, dilation=dilation, bias=False),
        nn.BatchNorm1d(o),
        nn.ReLU(inplace=True),
    )
