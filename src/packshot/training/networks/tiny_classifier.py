"""A small convolutional network for classification: seconds to train, and enough for a few clear classes."""

from __future__ import annotations

from itertools import pairwise

from torch import nn

from packshot.training.networks.pooled import PooledClassifier

__all__ = ["TinyClassifier"]


class TinyClassifier(PooledClassifier):
    """Four convolutions with stride 2, the mean over the picture, one linear layer.

    Args:
        classes: how many.
        width: channels of the first convolution; doubled by each of the others.
    """

    def __init__(self, *, classes: int, width: int = 16) -> None:
        widths = [3, *(width * 2**level for level in range(4))]
        features = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(i, o, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True)
                )
                for i, o in pairwise(widths)
            )
        )
        super().__init__(features=features, head=nn.Linear(widths[-1], classes), multiple=16)
