"""ImageNet's weights for a published classifier: torchvision's, or those of a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor
from torchvision.models import WeightsEnum

from packshot.counting import counted
from packshot.errors import UsageError

__all__ = ["Pretrained", "load_published"]


class Pretrained(Protocol):
    """A network that can begin with others' weights."""

    @property
    def imagenet(self) -> WeightsEnum | None:
        """Torchvision's weights for it, None where it has none."""

    @property
    def transferred(self) -> Mapping[str, str]:
        """Name of a tensor in a file of weights -> name of it in the network; the others begin fresh."""

    def state_dict(self) -> dict[str, Tensor]:
        """The network's own tensors by their names."""


def load_published(network: Pretrained, weights: str) -> None:
    """Give a network the weights it begins with; every tensor it names must be there and fit.

    Args:
        network: with fresh weights.
        weights: ``imagenet`` for torchvision's, ``none`` to begin from scratch, or a file: a ``.safetensors``, or a
            state dict that torch saved, of which nothing but tensors is read.

    Raises:
        UsageError: the weights cannot be had, or are those of another network.
    """
    if weights == "none":
        return
    state = _published(network) if weights == "imagenet" else _file(weights)
    wanted = network.transferred
    tensors = {name: value for name, value in state.items() if isinstance(value, Tensor)}
    missing = [name for name in wanted if name not in tensors]
    if missing:
        raise UsageError(
            f"weights = {weights!r}: {len(missing)} of {counted(len(wanted), 'tensor')} "
            f"{'is' if len(missing) == 1 else 'are'} missing, first {missing[0]}",
            remedy=f"give a state dict with {next(iter(wanted))} to {list(wanted)[-1]}",
        )
    own = network.state_dict()
    for theirs, mine in wanted.items():
        if tensors[theirs].shape != own[mine].shape:
            expected, came = (" x ".join(map(str, tensor.shape)) for tensor in (own[mine], tensors[theirs]))
            raise UsageError(
                f"weights = {weights!r}: {theirs}: expected {expected}, got {came}",
                remedy="leave size, width and towers as the published network has them, or give its own file",
            )
    with torch.no_grad():
        for theirs, mine in wanted.items():
            own[mine].copy_(tensors[theirs])


def _published(network: Pretrained) -> dict[str, object]:
    if network.imagenet is None:
        raise UsageError(
            "weights = 'imagenet': torchvision has none for AlexNet with two towers",
            remedy="give them with --weights FILE, or take --set towers=1",
        )
    try:
        return dict(network.imagenet.get_state_dict(progress=True, check_hash=True))
    except Exception as error:  # no network, a proxy's page in place of the file, a full disk
        first = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise UsageError(
            f"weights = 'imagenet': they cannot be downloaded ({first})",
            remedy=f"fetch {network.imagenet.url} and give --weights FILE, or start from scratch with --weights none",
        ) from error


def _file(weights: str) -> dict[str, object]:
    path = Path(weights)
    if not path.is_file():
        raise UsageError(f"weights = {weights!r}: no such file", remedy="name a file, imagenet, or none")
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return dict(load_file(path))
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged or foreign file fails in many ways
        first = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise UsageError(
            f"weights = {weights!r}: cannot be read ({first})",
            remedy="give a .safetensors, or the .pth of a state dict as torchvision distributes it",
        ) from error
    if not isinstance(state, dict):
        raise UsageError(
            f"weights = {weights!r}: expected a state dict, got {type(state).__name__}",
            remedy="save network.state_dict() with torch.save",
        )
    return state
