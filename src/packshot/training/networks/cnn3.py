"""Three convolutions and two dense layers: what is tried first where pictures are few."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

__all__ = ["Cnn3"]


class Cnn3(nn.Module):
    """3x3 convolutions without padding, each with ReLU and 2x2 max-pooling; a dense layer with dropout; a softmax.

    Weights begin as Keras' do, Glorot uniform with biases at zero.

    With 2 classes, 240 px and the default width 3,240,098 parameters: 896 + 9,248 + 18,496 in the convolutions
    (32, 32 and 64 channels), 3,211,328 in the dense layer of 64 units, which sees 28 x 28 x 64, and 130 in the last.

    Args:
        classes: how many.
        size: side of the input in pixels, at least 22.
        width: channels of the first two convolutions; the third and the dense layer have twice as many.
        dropout: behind the dense layer.
    """

    def __init__(self, *, classes: int, size: int = 240, width: int = 32, dropout: float = 0.5) -> None:
        super().__init__()
        self.multiple = 1
        layers: list[nn.Module] = []
        side = size
        for i, o in pairwise((3, width, width, 2 * width)):
            layers += [nn.Conv2d(i, o, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
            side = (side - 2) // 2
        self.features = nn.Sequential(*layers)
        self.dense = nn.Sequential(
            nn.Flatten(), nn.Linear(2 * width * side**2, 2 * width), nn.ReLU(inplace=True), nn.Dropout(dropout)
        )
        self.head = nn.Linear(2 * width, classes)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)  # type: ignore[arg-type]  # all of them have one

    def forward(self, image: Tensor) -> Tensor:
        """Class logits, float (n, classes), of a normalised float (n, 3, size, size)."""
        return self.head(self.dense(self.features(image)))
