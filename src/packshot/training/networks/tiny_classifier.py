"""A small convolutional network for classification: seconds to train, and enough for a few clear classes."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

__all__ = ["TinyClassifier"]


class TinyClassifier(nn.Module):
    """Four convolutions with stride 2, the mean over the picture, one linear layer.

    Because nothing stands between the mean and the linear layer, a class's activation map is the last features
    weighted with its row (Zhou et al. 2016, CAM).

    Args:
        classes: how many.
        width: channels of the first convolution; doubled by each of the others.
    """

    def __init__(self, *, classes: int, width: int = 16) -> None:
        super().__init__()
        self.multiple = 16
        widths = [3, *(width * 2**level for level in range(4))]
        self.features = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(i, o, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True)
                )
                for i, o in pairwise(widths)
            )
        )
        self.head = nn.Linear(widths[-1], classes)

    def forward(self, image: Tensor) -> Tensor:
        """Class logits, float (n, classes), of a normalised float (n, 3, h, w)."""
        return self.head(self.features(image).mean(dim=(2, 3)))
