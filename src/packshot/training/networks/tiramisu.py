"""FC-DenseNet-103, "the one hundred layers tiramisu", for one foreground channel."""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["Tiramisu"]


class Tiramisu(nn.Module):
    """A U of dense blocks (Jégou et al. 2017, arXiv:1611.09326, table 2).

    103 convolutions with the default blocks: the first, 38 on the way down, 15 at the bottom, 38 on the way up, five
    transitions each way and the last. 9,052,225 trainable parameters; the batch norms' 100,000 running means and
    variances make Keras' 9,152,225. Differs from the paper in the first convolution (32 channels, there 48) and in
    the output (one channel, there a channel a class).

    Args:
        layers: of the dense blocks on the way down; the way up mirrors them.
        bottleneck: layers of the block at the bottom.
        growth: channels a layer adds.
        first: channels of the first convolution.
        dropout: after each convolution of a block and of a transition down, 0..1.
    """

    def __init__(
        self,
        *,
        layers: tuple[int, ...] = (4, 5, 7, 10, 12),
        bottleneck: int = 15,
        growth: int = 16,
        first: int = 32,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        self.multiple = 2 ** len(layers)
        self.first = nn.Conv2d(3, first, 3, padding=1)
        self.down, self.shrink = nn.ModuleList(), nn.ModuleList()
        channels, skips = first, []
        for count in layers:
            self.down.append(_DenseBlock(channels, count, growth, dropout))
            channels += count * growth
            skips.append(channels)
            self.shrink.append(_transition_down(channels, dropout))
        self.bottom = _DenseBlock(channels, bottleneck, growth, dropout)
        self.grow, self.up = nn.ModuleList(), nn.ModuleList()
        new = bottleneck * growth
        for count, skip in zip(reversed(layers), reversed(skips), strict=True):
            self.grow.append(nn.ConvTranspose2d(new, new, 3, stride=2, padding=1, output_padding=1))
            channels = new + skip
            self.up.append(_DenseBlock(channels, count, growth, dropout))
            new = count * growth
        self.head = nn.Conv2d(channels + new, 1, 1)
        self.apply(_start)

    def forward(self, image: Tensor) -> Tensor:
        """Foreground logits.

        Args:
            image: float (n, 3, h, w), normalised; h and w multiples of `multiple` (32).

        Returns:
            float (n, 1, h, w).
        """
        x = self.first(image)
        skips = []
        for block, shrink in zip(self.down, self.shrink, strict=True):
            x = torch.cat([x, block(x)], dim=1)
            skips.append(x)
            x = shrink(x)
        new = self.bottom(x)
        for grow, block in zip(self.grow, self.up, strict=True):
            # Only what a block adds goes on, or the channels would double on the way up (section 3.1 of the paper).
            x = torch.cat([grow(new), skips.pop()], dim=1)
            new = block(x)
        return self.head(torch.cat([x, new], dim=1))


class _DenseBlock(nn.Module):
    """Each layer reads all the ones before it; gives the new channels alone."""

    def __init__(self, channels: int, count: int, growth: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.BatchNorm2d(channels + index * growth),
                nn.ReLU(inplace=True),
                nn.Conv2d(channels + index * growth, growth, 3, padding=1),
                nn.Dropout(dropout),
            )
            for index in range(count)
        )

    def forward(self, x: Tensor) -> Tensor:
        seen = [x]
        for layer in self.layers:
            seen.append(layer(torch.cat(seen, dim=1)))
        return torch.cat(seen[1:], dim=1)


def _transition_down(channels: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.BatchNorm2d(channels),
        nn.ReLU(inplace=True),
        nn.Conv2d(channels, channels, 1),
        nn.Dropout(dropout),
        nn.MaxPool2d(2),
    )


def _start(module: nn.Module) -> None:
    """He's uniform start (section 4.1 of the paper)."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
