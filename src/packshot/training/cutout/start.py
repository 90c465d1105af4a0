"""Where a training of the cut-out starts: from a checkpoint, an exported file, or the network that ships."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

from packshot.errors import UsageError
from packshot.runtime import shipped_folder
from packshot.training.checkpoint_start import start_from_checkpoint
from packshot.training.cutout.module import CutoutModule
from packshot.training.networks.from_onnx import load_onnx_weights, restore_statistics

__all__ = ["start_from"]

_SEEN = 4, 8  # batches and pictures in each, that the batch norms are measured on


def start_from(
    module: CutoutModule, source: str, *, samples: Callable[[], Dataset[tuple[Tensor, ...]]], name: str
) -> None:
    """Give a network the weights it goes on from.

    Args:
        module: with fresh weights.
        source: ``shipped`` for the network in the package, a ``.onnx`` file of ``packshot export``, or a checkpoint.
        samples: training samples, for the batch norms of an ONNX file.
        name: of the architecture, for messages.

    Raises:
        UsageError: the file is not there, damaged, or of another architecture.
    """
    path = shipped_folder() / "cutout.onnx" if source == "shipped" else Path(source)
    if not path.is_file():
        raise UsageError(f"start_from {source}: no such file", remedy="name a checkpoint, an .onnx file, or shipped")
    if path.suffix == ".onnx":
        load_onnx_weights(module.network, path)
        restore_statistics(module.network, _batches(samples()))
        return
    start_from_checkpoint(module, source, name=name)


def _batches(samples: Dataset[tuple[Tensor, ...]]) -> Iterator[Tensor]:
    """The first samples, those of one shape stacked."""
    count, size = _SEEN
    pictures = [samples[place][0] for place in range(count * size)]
    for _, group in itertools.groupby(pictures, key=lambda picture: picture.shape):
        yield torch.stack(list(group))
