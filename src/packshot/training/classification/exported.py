"""A classifier as the product serves it: with its logits, its head, and where it looks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from packshot.datasets import Item
from packshot.heads import Head, HeadKind, calibrated
from packshot.training.classification.module import ClassificationModule
from packshot.training.data.pictures import spread
from packshot.training.networks.pooled import PooledClassifier
from packshot.training.prediction import Predictor

__all__ = ["ExportedClassifier", "calibrated_head"]

_ENOUGH = 50  # validation pictures: of fewer, each moves temperature and thresholds by itself
_CALIBRATED = 1000  # of more, so many are taken
_LEAST = 1e-30


class ExportedClassifier(nn.Module):
    """The outputs that serving reads.

    Attributes:
        outputs: their names: ``probabilities`` and ``logits``, and of a network that ends in a mean over the picture
            ``embedding`` (that mean, of length 1), ``features`` and ``weights``, as describing networks have them.

    Args:
        network: class logits of a normalised picture.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        further = ("embedding", "features", "weights") if isinstance(network, PooledClassifier) else ()
        self.outputs = ("probabilities", "logits", *further)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Float (n, classes) twice; where the network is pooled, (n, c), (n, c, h', w') and (classes, c) too."""
        if not isinstance(self.network, PooledClassifier):
            logits: Tensor = self.network(image)
            return logits.softmax(dim=1), logits
        features = self.network.features(image)
        mean = features.mean(dim=(2, 3))
        logits = self.network.head(mean)
        return logits.softmax(dim=1), logits, F.normalize(mean, dim=1), features, self.network.head.weight


def calibrated_head(module: ClassificationModule, validation: Sequence[Item], *, side: int) -> Head:
    """The classes as one choice, with temperature and thresholds; without both where validation pictures are few.

    Then the network's own probabilities stand, and an answer is sure from the precision asked for on.

    Args:
        module: with its best weights.
        validation: pictures it did not learn from: at least 50 to calibrate on; of more than 1000, 1000 are taken,
            evenly spread.
        side: of the input it will be served with, in pixels.
    """
    recipe = module.recipe
    head = Head(name=recipe.attribute, kind=HeadKind.CHOICE, labels=tuple(module.labels))
    if len(validation) < _ENOUGH:
        return head
    predictor = Predictor(module, recipe.model_copy(update={"size": side}), multiple=module.multiple)
    shown = spread(validation, _CALIBRATED)
    with torch.inference_mode():
        chances = np.stack([predictor.answers(item.rgb())[0] for item in shown])
    logits = np.log(np.maximum(chances, _LEAST)).astype(np.float32)  # but for a constant, which a softmax forgets
    target = np.array([[float(item.label == label) for label in module.labels] for item in shown], np.float32)
    return calibrated(head, logits, target)
