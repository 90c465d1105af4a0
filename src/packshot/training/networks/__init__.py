"""The networks a recipe can name."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from packshot.training.networks.alexnet_frozen import AlexNetFrozen
from packshot.training.networks.cnn3 import Cnn3
from packshot.training.networks.frame_2016 import Frame2016
from packshot.training.networks.maskrcnn import MaskRcnn
from packshot.training.networks.side_net import SideNet
from packshot.training.networks.tiny_classifier import TinyClassifier
from packshot.training.networks.tiramisu import Tiramisu
from packshot.training.networks.unet import UNet
from packshot.training.networks.vgg16 import Vgg16Cam, Vgg16Finetune
from packshot.training.recipe import ClassificationRecipe, FrameRecipe, SegmentationRecipe

__all__ = ["CLASSIFIERS", "FRAME_FINDERS", "SEGMENTERS"]

#: Networks that give foreground logits (n, 1, h, w); `network.multiple` is what height and width must divide by.
SEGMENTERS: dict[str, Callable[[SegmentationRecipe], nn.Module]] = {
    "maskrcnn": lambda r: MaskRcnn(weights=r.weights, classes=r.classes, min_score=r.min_score),
    "tiramisu": lambda r: Tiramisu(layers=r.layers, bottleneck=r.bottleneck, dropout=r.dropout),
    "unet": lambda r: UNet(head=r.head, width=r.width, dropout=r.dropout),
}

#: Networks that give class logits (n, classes).
CLASSIFIERS: dict[str, Callable[[ClassificationRecipe, int], nn.Module]] = {
    "alexnet-frozen": lambda r, n: AlexNetFrozen(classes=n, size=r.size, towers=r.towers, width=r.width),
    "cnn3": lambda r, n: Cnn3(classes=n, size=r.size, width=r.width, dropout=r.dropout),
    "tiny": lambda r, n: TinyClassifier(classes=n, width=r.width),
    "vgg16-cam": lambda r, n: Vgg16Cam(classes=n, width=r.width),
    "vgg16-finetune": lambda r, n: Vgg16Finetune(classes=n, size=r.size, width=r.width, dropout=r.dropout),
}

#: Networks that give a frame's logit (n,) and, some of them, those of the sides (n, 4, 65).
FRAME_FINDERS: dict[str, Callable[[FrameRecipe], nn.Module]] = {
    "frame-2016": lambda r: Frame2016(size=r.size, widths=r.widths, kernel=r.kernel, dense=r.dense, dropout=r.dropout),
    "side-net": lambda _: SideNet(),
}
