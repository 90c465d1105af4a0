"""Where a training starts: from a checkpoint, or, of the cutout, from a file that ships."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

from packshot.errors import UsageError
from packshot.runtime import shipped_folder
from packshot.training.networks.from_onnx import load_onnx_weights, restore_statistics
from packshot.training.tasks import Cutout, Task

__all__ = ["start_from", "start_from_checkpoint"]

_SEEN = 4, 8  # batches and pictures in each, that the batch norms are measured on


def start_from(task: Cutout, source: str, *, samples: Callable[[], Dataset[tuple[Tensor, ...]]], name: str) -> None:
    """Give a task the weights it goes on from.

    Args:
        task: with fresh weights.
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
        load_onnx_weights(task.network, path)
        restore_statistics(task.network, _batches(samples()))
        return
    start_from_checkpoint(task, source, name=name)


def start_from_checkpoint(task: Task, source: str, *, name: str) -> None:
    """Give a task a checkpoint's weights.

    Args:
        task: with fresh weights.
        source: a checkpoint.
        name: of the architecture, for messages.

    Raises:
        UsageError: the file is not there, damaged, or of another architecture.
    """
    remedy = "name best.ckpt or last.ckpt of a run of the same architecture"
    if not Path(source).is_file():
        raise UsageError(f"start_from {source}: no such file", remedy=remedy)
    try:
        task.load_state_dict(torch.load(source, map_location="cpu", weights_only=True)["state_dict"])
    except Exception as error:  # a foreign or damaged file fails in many ways
        first = str(error).strip().splitlines()[0][:200]
        raise UsageError(f"start_from {source}: not a checkpoint of {name} ({first})", remedy=remedy) from error


def _batches(samples: Dataset[tuple[Tensor, ...]]) -> Iterator[Tensor]:
    """The first samples, those of one shape stacked."""
    count, size = _SEEN
    pictures = [samples[place][0] for place in range(count * size)]
    for _, group in itertools.groupby(pictures, key=lambda picture: picture.shape):
        yield torch.stack(list(group))
