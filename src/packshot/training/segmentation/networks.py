"""The networks such a recipe can name."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from packshot.training.networks.maskrcnn import MaskRcnn
from packshot.training.networks.tiramisu import Tiramisu
from packshot.training.networks.unet import UNet
from packshot.training.segmentation.recipe import SegmentationRecipe

__all__ = ["SEGMENTERS"]

#: Networks that give foreground logits (n, 1, h, w); `network.multiple` is what height and width must divide by.
SEGMENTERS: dict[str, Callable[[SegmentationRecipe], nn.Module]] = {
    "maskrcnn": lambda r: MaskRcnn(weights=r.weights, classes=r.classes, min_score=r.min_score),
    "tiramisu": lambda r: Tiramisu(layers=r.layers, bottleneck=r.bottleneck, dropout=r.dropout),
    "unet": lambda r: UNet(head=r.head, width=r.width, dropout=r.dropout),
}
