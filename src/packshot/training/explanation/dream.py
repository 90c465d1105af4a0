"""DeepDream: a photo in which a layer finds more and more of what it looks for. For the fun of it.

Mordvintsev, Olah and Tyka 2015: gradient ascent on a layer's activations, from the coarsest octave to the finest. A
guide picture, if there is one, says which of the layer's channels to follow: those it excites itself.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from packshot.resizing import downscaled
from packshot.runtime import ModelCard
from packshot.training.explanation.torch_copy import TorchCopy
from packshot.values import Rgb

__all__ = ["dream", "octave_sizes"]

_OCTAVE = 1.4  # how much larger each octave is
_STEP = 0.03
_LONGEST = 512
_SMALLEST = 32  # pixels of a side: a deep layer has nothing left of less


def dream(
    copy: TorchCopy,
    card: ModelCard,
    rgb: Rgb,
    layer: str,
    *,
    guide: Rgb | None = None,
    octaves: int = 3,
    steps: int = 10,
) -> Rgb:
    """Let a layer dream into a photo.

    Each octave is shown at its own size to a network whose layers take any, as convolutions do: what a layer looks for
    has the same number of pixels in each, and is large in the first and fine in the last. Another network sees each at
    the size of its input.

    Args:
        copy: of the network.
        card: of the network: size and normalisation of its input.
        rgb: uint8 (h, w, 3).
        layer: a name or number of `TorchCopy.layers`.
        guide: uint8 (h', w', 3); whose excited channels are followed; all channels without.
        octaves: sizes, each 1.4 times the one before, the last that of the picture.
        steps: of gradient ascent in each octave.

    Returns:
        uint8 (h, w, 3), the longer side at most 512 pixels.

    Raises:
        UsageError: no such layer; names the nearest.
    """
    name = copy.layer(layer)
    small = downscaled(rgb, _LONGEST)
    size, picture = (small.shape[1], small.shape[0]), _to_float(small)
    weights = torch.ones(1) if guide is None else _excited(copy, card, name, guide)

    def excitement(batch: torch.Tensor) -> torch.Tensor:
        return ((copy.maps(batch, name) * weights) ** 2).mean()

    for octave in octave_sizes(copy, card, name, size, octaves):
        shrinking = octave[0] * octave[1] < size[0] * size[1]
        smooth = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
        seen = np.asarray(cv2.resize(picture, octave, interpolation=smooth), np.float32)
        added = _ascend(excitement, card, seen, steps) - seen
        picture = np.clip(picture + cv2.resize(added, size, interpolation=cv2.INTER_LINEAR), 0, 1)
    return np.asarray(np.rint(picture * 255), np.uint8)


def octave_sizes(
    copy: TorchCopy, card: ModelCard, name: str, size: tuple[int, int], octaves: int
) -> list[tuple[int, int]]:
    """The (width, height) in pixels at which the network is shown each octave, the coarsest first.

    Args:
        copy: of the network.
        card: of the network.
        name: of the layer, as `TorchCopy.layer` gives it.
        size: (width, height) of the picture. The last octave has it, or, of a picture smaller than the network's input,
            that input's longer side.
        octaves: at least one.

    Returns:
        Each 1.4 times the one before; the network's input size where it does not take that of the octave.
    """
    reach = max(1.0, max(card.input.size) / max(size))
    found = []
    for octave in range(octaves):
        share = _OCTAVE ** (octave - octaves + 1)
        width, height = (max(_SMALLEST, round(side * reach * share)) for side in size)
        found.append((width, height) if copy.takes(name, (height, width)) else card.input.size)
    return found


def _ascend(
    excitement: Callable[[torch.Tensor], torch.Tensor], card: ModelCard, picture: NDArray[np.float32], steps: int
) -> NDArray[np.float32]:
    """A picture, float32 (h, w, 3) in 0..1, that excites the layer more."""
    mean, deviation = torch.tensor(card.input.mean).view(1, 3, 1, 1), torch.tensor(card.input.std).view(1, 3, 1, 1)
    shown = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))[None]
    for _ in range(steps):
        shown = shown.detach().requires_grad_()
        gradient = torch.autograd.grad(excitement((shown - mean) / deviation), shown)[0]
        shown = torch.clamp(shown + _STEP * gradient / (gradient.abs().mean() + 1e-8), 0, 1)
    return np.asarray(shown.detach()[0].permute(1, 2, 0).numpy(), np.float32)


def _excited(copy: TorchCopy, card: ModelCard, name: str, guide: Rgb) -> torch.Tensor:
    """How much a guide excites each channel, from 0 to 1: (1, channels, 1, 1)."""
    mean, deviation = np.asarray(card.input.mean, np.float32), np.asarray(card.input.std, np.float32)
    seen = (_to_float(np.asarray(cv2.resize(guide, card.input.size), np.uint8)) - mean) / deviation
    with torch.no_grad():
        values = copy.maps(torch.from_numpy(np.ascontiguousarray(seen.transpose(2, 0, 1)))[None], name)
        strength = torch.relu(values).mean(dim=(2, 3), keepdim=True)
    return strength / (strength.max() + 1e-8)


def _to_float(rgb: Rgb) -> NDArray[np.float32]:
    return rgb.astype(np.float32) / np.float32(255)
