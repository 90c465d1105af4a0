"""The published frame network (Allegro, 2016): the whole picture at 128 x 128, framed or not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Literal

from torch import Tensor, nn

__all__ = ["Frame2016"]


class Frame2016(nn.Module):
    """Convolutions with ReLU and 2x2 pooling, one dense layer with dropout, one logit.

    Weights begin as Keras' do, Glorot uniform with biases at zero: torch's own beginning is smaller.

    With the defaults 61,441 parameters: 896 + 3 * 9,248 for the convolutions, 32,784 + 17 for the dense layers.

    Args:
        size: side of the input in pixels.
        widths: channels of each convolution.
        kernel: side of the convolutions, odd; the picture is padded, so that they keep its size.
        dense: units of the dense layer; 0 leads the last features straight to the logit (30,689 parameters).
        dropout: before the logit.
        pooling: what the 2x2 poolings keep: the largest number, as published, or the mean.
    """

    def __init__(
        self,
        *,
        size: int = 128,
        widths: Sequence[int] = (32, 32, 32, 32),
        kernel: int = 3,
        dense: int = 16,
        dropout: float = 0.5,
        pooling: Literal["max", "average"] = "max",
    ) -> None:
        super().__init__()
        self.multiple = 1
        layers: list[nn.Module] = []
        pool = partial(nn.MaxPool2d if pooling == "max" else nn.AvgPool2d, 2)
        for i, o in pairwise((3, *widths)):
            layers += [nn.Conv2d(i, o, kernel, padding=kernel // 2), nn.ReLU(inplace=True), pool()]
        self.features = nn.Sequential(*layers)
        flat = widths[-1] * (size >> len(widths)) ** 2
        hidden = [nn.Linear(flat, dense), nn.ReLU(inplace=True)] if dense else []
        self.head = nn.Sequential(nn.Flatten(), *hidden, nn.Dropout(dropout), nn.Linear(dense or flat, 1))
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)  # type: ignore[arg-type]  # all of them have one

    def forward(self, image: Tensor) -> tuple[Tensor]:
        """The logit of a frame, float (n,), of a normalised float (n, 3, size, size)."""
        return (self.head(self.features(image)).squeeze(1),)
