"""Where a training starts: from a checkpoint, an exported file, or the network that ships."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset as Samples

from packshot.errors import ModelMismatch, UsageError
from packshot.runtime import Dataset, ModelCard, read_card, shipped_folder
from packshot.training.figures.samples import Sample
from packshot.training.module import TrainedModule
from packshot.training.networks.from_onnx import load_onnx_weights, restore_statistics

__all__ = ["exported_start", "first_pictures", "start_card", "start_from", "start_origins"]

SHIPPED = "shipped"
_SEEN = 4, 8  # batches and pictures in each, that the batch norms are measured on


def start_from(
    module: TrainedModule, source: str, *, ships: str, samples: Callable[[], Samples[Sample]], name: str
) -> None:
    """Give a network the weights it goes on from.

    Args:
        module: with fresh weights.
        source: ``shipped`` for the network in the package, a ``.onnx`` file of ``packshot export``, or a checkpoint.
        ships: name of the task's network in the package.
        samples: training samples, for the batch norms of an ONNX file.
        name: of the architecture, for messages.

    Raises:
        UsageError: the file is not there, damaged, or of another architecture.
    """
    file = exported_start(source, ships=ships)
    if file is None:
        _from_checkpoint(module, source, name=name)
        return
    pictures = first_pictures(samples())
    load_onnx_weights(module.network, file, like=pictures[0])
    restore_statistics(module.network, pictures)


def exported_start(source: str, *, ships: str) -> Path | None:
    """The ONNX file that a start names; None where it is a checkpoint.

    Args:
        source: as of `start_from`.
        ships: as of `start_from`.

    Raises:
        UsageError: the file is not there.
    """
    path = shipped_folder() / f"{ships}.onnx" if source == SHIPPED else Path(source)
    if not path.is_file():
        raise UsageError(
            f"start_from {source}: no such file",
            remedy=f"name best.ckpt or last.ckpt of a run, an .onnx file of packshot export, or {SHIPPED}",
        )
    return path if path.suffix == ".onnx" else None


def start_card(file: Path) -> ModelCard:
    """The card of the ONNX file a training starts from.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return read_card(file.with_suffix(".json"))
    except ModelMismatch as error:
        remedy = "name a file of packshot export, with its card beside it"
        raise UsageError(f"start_from {file}: {error}", remedy=remedy) from error


def start_origins(source: str, *, ships: str) -> tuple[Dataset, ...]:
    """What the weights were made from that a training started from, for the card of what comes of it.

    Args:
        source: as of `start_from`; empty for none.
        ships: as of `start_from`.

    Returns:
        The file and all that its own card names; of a checkpoint, which has no card, or a file that is gone, its name.
    """
    if not source:
        return ()
    try:
        card = start_card(exported_start(source, ships=ships) or Path(source))
    except UsageError:
        return (Dataset(name=f"weights of {source}", licence="as of the run that made them"),)
    use = None if card.commercial_use else False
    return (Dataset(name=f"{card.name}, {source} weights", licence=card.licence, commercial_use=use), *card.provenance)


def first_pictures(samples: Samples[Sample]) -> list[Tensor]:
    """The first training pictures, float (n, 3, h, w) each, those of one shape together; of several views the first."""
    count, size = _SEEN
    places = range(min(count * size, len(samples)))  # type: ignore[arg-type]  # ours have a length
    pictures = [samples[place][0] for place in places]
    shown = [picture if picture.ndim == 3 else picture[0] for picture in pictures]
    return [torch.stack(list(group)) for _, group in itertools.groupby(shown, key=lambda picture: picture.shape)]


def _from_checkpoint(module: TrainedModule, source: str, *, name: str) -> None:
    try:
        module.load_state_dict(torch.load(source, map_location="cpu", weights_only=True)["state_dict"])
    except Exception as error:  # a foreign or damaged file fails in many ways
        first = str(error).strip().splitlines()[0][:200]
        raise UsageError(
            f"start_from {source}: not a checkpoint of {name} ({first})",
            remedy="name best.ckpt or last.ckpt of a run of the same architecture",
        ) from error
