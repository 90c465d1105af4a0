"""Our overlay network: a small pyramid that tells, at stride 8, where something was laid over a photo."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["OverlayNet"]

_WIDTHS = (16, 24, 40, 56, 80)  # channels at strides 2, 4, 8, 16, 32
_PYRAMID = 48


class OverlayNet(nn.Module):
    """Whether a picture has overlays, and which parts of it are.

    Letters are told at stride 8; whether they lie on a product or over the photo is told by what surrounds them, which
    strides 16 and 32 and the mean of the whole picture see. The picture's logit is read from the features where the map
    is highest, and from their mean.
    """

    def __init__(self) -> None:
        super().__init__()
        self.multiple = 32
        w2, w4, w8, w16, w32 = _WIDTHS
        self.stem = nn.Sequential(_convolution(3, w2, stride=2), _convolution(w2, w4, stride=2), _Residual(w4))
        self.stride8 = nn.Sequential(_convolution(w4, w8, stride=2), _Residual(w8), _Residual(w8))
        self.stride16 = nn.Sequential(_convolution(w8, w16, stride=2), _Residual(w16), _Residual(w16))
        self.stride32 = nn.Sequential(_convolution(w16, w32, stride=2), _Residual(w32))
        self.context = nn.Linear(w32, _PYRAMID)
        self.lateral = nn.ModuleList(nn.Conv2d(width, _PYRAMID, 1) for width in (w32, w16, w8))
        self.smooth = nn.ModuleList(_convolution(_PYRAMID, _PYRAMID) for _ in range(2))
        self.places = nn.Conv2d(_PYRAMID, 1, 1)
        self.overlaid = nn.Sequential(
            nn.Linear(2 * _PYRAMID + w32 + 1, _PYRAMID), nn.ReLU(inplace=True), nn.Linear(_PYRAMID, 1)
        )

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the picture and of its parts.

        Args:
            image: float (n, 3, h, w), normalised; sides divide by 32.

        Returns:
            float (n,) for overlays anywhere, and float (n, h / 8, w / 8).
        """
        c8 = self.stride8(self.stem(image))
        c16 = self.stride16(c8)
        c32 = self.stride32(c16)
        whole = c32.mean(dim=(2, 3))
        level = self.lateral[0](c32) + self.context(whole)[..., None, None]
        for features, lateral, smooth in zip((c16, c8), self.lateral[1:], self.smooth, strict=True):
            level = smooth(F.interpolate(level, scale_factor=2.0, mode="nearest") + lateral(features))
        places = self.places(level)
        # Attention by the map itself: what lies where it is highest.
        share = torch.softmax(places.flatten(2), dim=2)  # (n, 1, cells)
        there = (level.flatten(2) * share).sum(dim=2)
        seen = torch.cat([there, level.mean(dim=(2, 3)), whole, places.amax(dim=(2, 3))], dim=1)
        return self.overlaid(seen).squeeze(1), places.squeeze(1)


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = _convolution(width, width), nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.norm(self.second(self.first(x))))


def _convolution(i: int, o: int, *, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(i, o, 3, stride, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True))
