"""The classic U-Net, with padded convolutions and up-sampling instead of transposed convolutions."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["UNet"]


class UNet(nn.Module):
    """Ronneberger et al. 2015, arXiv:1505.04597, as it is common in Keras: 31,032,837 parameters.

    Differs from the paper: padded convolutions, so that the mask has the picture's size; nearest-neighbour
    enlargement and a 2x2 convolution in place of the transposed one; dropout 0.5 after the two deepest levels.

    Args:
        head: ``published`` puts a 3x3 convolution with two channels and a ReLU before the last one: where both
            channels are cut off by the ReLU, nothing is learnt any more. ``fixed`` leads 64 channels straight to one.
        width: channels of the first level; doubled at each of the four levels below.
        dropout: 0..1.
    """

    def __init__(
        self, *, head: Literal["published", "fixed"] = "published", width: int = 64, dropout: float = 0.5
    ) -> None:
        super().__init__()
        self.multiple = 16
        widths = [width * 2**level for level in range(5)]
        self.down = nn.ModuleList(_twice(i, o) for i, o in zip([3, *widths[:-1]], widths, strict=True))
        self.dropout = nn.Dropout(dropout)
        self.enlarge = nn.ModuleList(nn.Conv2d(2 * w, w, 2) for w in reversed(widths[:-1]))
        self.up = nn.ModuleList(_twice(2 * w, w) for w in reversed(widths[:-1]))
        self.head = (
            nn.Sequential(nn.Conv2d(width, 2, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(2, 1, 1))
            if head == "published"
            else nn.Conv2d(width, 1, 1)
        )
        self.apply(_start)

    def forward(self, image: Tensor) -> Tensor:
        """Foreground logits.

        Args:
            image: float (n, 3, h, w), normalised; h and w multiples of 16.

        Returns:
            float (n, 1, h, w).
        """
        x, skips = image, []
        for level, block in enumerate(self.down):
            x = block(x if level == 0 else F.max_pool2d(x, 2))
            if level >= 3:
                x = self.dropout(x)
            skips.append(x)
        skips.pop()
        for enlarge, block in zip(self.enlarge, self.up, strict=True):
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")
            # A 2x2 kernel has no middle: like Keras' `same`, the missing row and column are at the lower right.
            x = F.relu(enlarge(F.pad(x, (0, 1, 0, 1))))
            x = block(torch.cat([skips.pop(), x], dim=1))
        return self.head(x)


def _twice(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(outputs, outputs, 3, padding=1),
        nn.ReLU(inplace=True),
    )


def _start(module: nn.Module) -> None:
    """He's normal start, as in the original."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
