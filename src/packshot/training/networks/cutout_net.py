"""The network that ships: an EfficientNet-Lite with a feature pyramid down to stride 2."""

from __future__ import annotations

import timm
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from packshot.training.recipe import Encoder

__all__ = ["CutoutNet"]


def _conv(inputs: int, outputs: int, *, kernel: int = 3, dilation: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, padding=dilation * (kernel // 2), dilation=dilation, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def _upsample_to(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, size=like.shape[-2:], mode="bilinear", align_corners=False)


class CutoutNet(nn.Module):
    """Foreground logits from a normalised picture.

    The encoder is an EfficientNet-Lite (Google, 2020: no squeeze-and-excitation, ReLU6, made for edge devices);
    the decoder a feature pyramid (Lin et al., 2017) with global context added at stride 32. The last level is
    stride 2, because a cutout is looked at along its edge.

    Args:
        encoder: which one; larger ones know more and cost more.
        channels: width of the pyramid.
        edge_channels: width of the stride-2 level, where every channel costs most.
        outputs: maps of logits.
    """

    multiple = 32

    def __init__(
        self, *, encoder: Encoder = "efficientnet_lite0", channels: int = 64, edge_channels: int = 24, outputs: int = 5
    ) -> None:
        super().__init__()
        self.encoder_name = encoder
        self.encoder = timm.create_model(encoder, features_only=True, out_indices=(0, 1, 2, 3, 4), pretrained=False)
        c2, c4, c8, c16, c32 = self.encoder.feature_info.channels()  # type: ignore[operator, union-attr]  # at strides 2 to 32
        self.context = nn.Sequential(nn.Conv2d(c32, channels, 1), nn.ReLU(inplace=True))
        self.wide = _conv(c32, channels, dilation=2)
        self.lateral = nn.ModuleList([_conv(c, channels, kernel=1) for c in (c16, c8, c4)])
        self.smooth = nn.ModuleList([_conv(channels, channels) for _ in range(3)])
        self.edge_lateral = _conv(c2, edge_channels, kernel=1)
        self.edge_reduce = _conv(channels, edge_channels, kernel=1)
        self.edge = nn.Sequential(_conv(2 * edge_channels, edge_channels), _conv(edge_channels, edge_channels))
        self.head = nn.Conv2d(edge_channels, outputs, 1)
        self.auxiliary = nn.ModuleList([nn.Conv2d(channels, 1, 1) for _ in range(3)])

    def forward(self, image: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Logits at the input's size, and auxiliary logits at strides 16, 8, 4 for deep supervision.

        Args:
            image: float (n, 3, h, w), normalised; h and w multiples of 32.

        Returns:
            float (n, outputs, h, w), and three coarser maps (n, 1, h', w') of the first.
        """
        f2, f4, f8, f16, f32 = self.encoder(image)
        x = self.wide(f32) + self.context(f32.mean(dim=(2, 3), keepdim=True))
        auxiliary = []
        for lateral, smooth, predict, feature in zip(
            self.lateral, self.smooth, self.auxiliary, (f16, f8, f4), strict=True
        ):
            x = smooth(lateral(feature) + _upsample_to(x, feature))
            auxiliary.append(predict(x))
        edge = torch.cat([self.edge_lateral(f2), _upsample_to(self.edge_reduce(x), f2)], dim=1)
        return _upsample_to(self.head(self.edge(edge)), image), auxiliary
