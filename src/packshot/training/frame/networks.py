"""The networks such a recipe can name."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from packshot.training.frame.recipe import FrameRecipe
from packshot.training.networks.frame_2016 import Frame2016
from packshot.training.networks.side_net import SideNet

__all__ = ["FRAME_FINDERS"]

#: Networks that give a frame's logit (n,) and, some of them, those of the sides (n, 4, 65).
FRAME_FINDERS: dict[str, Callable[[FrameRecipe], nn.Module]] = {
    "frame-2016": lambda r: Frame2016(
        size=r.size, widths=r.widths, kernel=r.kernel, dense=r.dense, dropout=r.dropout, pooling=r.pooling
    ),
    "side-net": lambda _: SideNet(),
}
