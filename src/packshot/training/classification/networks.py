"""The networks such a recipe can name."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from packshot.training.classification.recipe import ClassificationRecipe
from packshot.training.networks.alexnet_frozen import AlexNetFrozen
from packshot.training.networks.cnn3 import Cnn3
from packshot.training.networks.lite_classifier import LiteClassifier
from packshot.training.networks.tiny_classifier import TinyClassifier
from packshot.training.networks.vgg16 import Vgg16Cam, Vgg16Finetune

__all__ = ["CLASSIFIERS"]

#: Networks that give class logits (n, classes).
CLASSIFIERS: dict[str, Callable[[ClassificationRecipe, int], nn.Module]] = {
    "alexnet-frozen": lambda r, n: AlexNetFrozen(classes=n, size=r.size, towers=r.towers, width=r.width),
    "cnn3": lambda r, n: Cnn3(classes=n, size=r.size, width=r.width, dropout=r.dropout),
    "efficientnet-lite0": lambda r, n: LiteClassifier(classes=n, frozen=r.frozen),
    "tiny": lambda r, n: TinyClassifier(classes=n, width=r.width),
    "vgg16-cam": lambda r, n: Vgg16Cam(classes=n, width=r.width),
    "vgg16-finetune": lambda r, n: Vgg16Finetune(classes=n, size=r.size, width=r.width, dropout=r.dropout),
}
