"""Weights of an earlier run, to begin another one with."""

from __future__ import annotations

from pathlib import Path

import torch

from packshot.errors import UsageError
from packshot.training.module import TrainedModule

__all__ = ["start_from_checkpoint"]


def start_from_checkpoint(module: TrainedModule, source: str, *, name: str) -> None:
    """Give a network a checkpoint's weights.

    Args:
        module: with fresh weights.
        source: a checkpoint.
        name: of the architecture, for messages.

    Raises:
        UsageError: the file is not there, damaged, or of another architecture.
    """
    remedy = "name best.ckpt or last.ckpt of a run of the same architecture"
    if not Path(source).is_file():
        raise UsageError(f"start_from {source}: no such file", remedy=remedy)
    try:
        module.load_state_dict(torch.load(source, map_location="cpu", weights_only=True)["state_dict"])
    except Exception as error:  # a foreign or damaged file fails in many ways
        first = str(error).strip().splitlines()[0][:200]
        raise UsageError(f"start_from {source}: not a checkpoint of {name} ({first})", remedy=remedy) from error
