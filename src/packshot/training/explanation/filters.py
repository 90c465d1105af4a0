"""Filter pictures: what a unit of a network wants to see, by activation maximisation.

Erhan et al. 2009; made legible as by Olah, Mordvintsev and Schubert 2017 (Feature visualization): the picture is a sum
of waves with decorrelated colours, so that no high frequency wins by itself, and it is shifted and turned a little at
every step, so that it holds for more than one position. Several seeds show several things that excite a unit. A
unit that noise leaves silent is awoken by gradients that pass its ReLUs, as in their library Lucid.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from packshot.runtime import ModelCard
from packshot.training.explanation.torch_copy import TorchCopy
from packshot.values import Rgb

__all__ = ["FILTER_SIDE", "FILTER_STEPS", "filter_pictures"]

#: Of a filter picture, in pixels, and of gradient ascent: after these the pictures hardly change.
FILTER_SIDE, FILTER_STEPS = 128, 48

_RATE = 0.05
_JITTER = 8  # pixels
_TURN = 0.09  # radians, about five degrees
# The square root of the colours' covariance over ImageNet, as Olah et al. publish it; scaled to the greatest norm 1.
_COLOURS = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]])


def filter_pictures(
    copy: TorchCopy,
    card: ModelCard,
    layer: str,
    unit: int,
    *,
    seeds: int = 1,
    steps: int = FILTER_STEPS,
    side: int = FILTER_SIDE,
) -> list[Rgb]:
    """Pictures that excite a unit of a layer as much as can be.

    A network whose layers take any size, as convolutions do, looks at them as they are; another one sees them enlarged
    to the size of its input.

    Args:
        copy: of the network.
        card: of the network: how its input is normalised.
        layer: a name or number of `TorchCopy.layers`.
        unit: channel of the layer.
        seeds: pictures to make; each begins elsewhere and is shifted otherwise, whatever stands beside it.
        steps: of gradient ascent.
        side: of a picture, in pixels.

    Returns:
        One for each seed, uint8 (side, side, 3).

    Raises:
        UsageError: no such layer; names the nearest.
    """
    name = copy.layer(layer)
    size = _size_seen(copy, card, name, side)
    random = [torch.Generator().manual_seed(seed) for seed in range(seeds)]
    begun = [torch.randn(3, side, side // 2 + 1, 2, generator=each) for each in random]
    waves = (torch.stack(begun) * 0.01).requires_grad_()
    scale = _frequency_scale(side)
    mean, deviation = torch.tensor(card.input.mean).view(1, 3, 1, 1), torch.tensor(card.input.std).view(1, 3, 1, 1)
    optimiser, awake = torch.optim.Adam([waves], lr=_RATE), torch.zeros(seeds, dtype=torch.bool)
    for _ in range(steps):
        pictures = _pictures(waves, scale, side)
        moved = torch.cat([_moved(picture[None], each) for picture, each in zip(pictures, random, strict=True)])
        shown = torch.nn.functional.interpolate(moved, size, mode="bilinear")
        prepared = (shown.detach() - mean) / deviation
        upwards = _upwards(copy, prepared, name, unit)
        awake |= (upwards != 0).flatten(1).any(1)
        if not awake.all():
            with copy.silent_let_through(name):
                upwards[~awake] = _upwards(copy, prepared[~awake], name, unit)
        upwards /= deviation
        (waves.grad,) = torch.autograd.grad(shown, waves, -upwards)
        optimiser.step()
    with torch.no_grad():
        made = _pictures(waves, scale, side).permute(0, 2, 3, 1).numpy()
    return list(np.asarray(np.rint(made * 255), np.uint8))


def _size_seen(copy: TorchCopy, card: ModelCard, name: str, side: int) -> tuple[int, int]:
    """(height, width) at which a layer is shown pictures of a side: their own where it takes any, else its input's."""
    width, height = card.input.size
    if copy.takes(name, (side, side)):
        return side, side
    return height, width


def _upwards(copy: TorchCopy, batch: Tensor, name: str, unit: int) -> Tensor:
    """Which way each prepared picture excites a unit more: the gradient of its mean."""
    seen = batch.detach().requires_grad_()
    excited = copy.maps(seen, name)[:, unit].mean(dim=(1, 2))
    (found,) = torch.autograd.grad(excited.sum(), seen)
    return found


def _frequency_scale(side: int) -> Tensor:
    """Each wave weighs by its length, as those of photographs do."""
    down, across = torch.fft.fftfreq(side)[:, None], torch.fft.rfftfreq(side)[None]
    return 1 / torch.clamp(torch.sqrt(down**2 + across**2), min=1 / side)


def _pictures(waves: Tensor, scale: Tensor, side: int) -> Tensor:
    """The pictures that waves add up to: (n, 3, side, side) in 0..1."""
    flat = torch.fft.irfft2(torch.view_as_complex(waves) * scale, s=(side, side), norm="ortho") / 4
    colours = _COLOURS / torch.linalg.vector_norm(_COLOURS, dim=0).max()
    return torch.sigmoid(torch.einsum("nchw,dc->ndhw", flat, colours))


def _moved(picture: Tensor, random: torch.Generator) -> Tensor:
    """Shifted and turned a little."""
    shift = torch.randint(-_JITTER, _JITTER + 1, (2,), generator=random).tolist()
    rolled = torch.roll(picture, shifts=shift, dims=(2, 3))
    turn = (float(torch.rand(1, generator=random)) * 2 - 1) * _TURN
    matrix = torch.tensor([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0]])[None]
    places = torch.nn.functional.affine_grid(matrix, list(picture.shape), align_corners=False)
    return torch.nn.functional.grid_sample(rolled, places, padding_mode="reflection", align_corners=False)
