"""Whether a network does what it is asked to do: by its card, and for masks by the shape of its output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from packshot.errors import ModelMismatch
from packshot.runtime.card import ModelCard

__all__ = ["CAPTIONING", "CLASSIFICATION", "DESCRIBING", "SEGMENTATION", "fits_a_mask", "wrong_task"]

#: The task of a network that cuts out: its output is a mask.
SEGMENTATION = "segmentation"

#: The task of a network that tells labels apart: its output is their probabilities.
CLASSIFICATION = "classification"

#: The task of a network that writes a sentence: its output are numbers of its labels, which are words or parts of them.
CAPTIONING = "captioning"

#: Tasks of networks that say what is in a photo, the usual one first.
DESCRIBING = ("description", CLASSIFICATION)

_SMALLEST = 8  # pixels of a mask's side, as of an input's


def wrong_task(card: ModelCard, tasks: Sequence[str], *, ref: str | Path, others: Mapping[str, str]) -> ModelMismatch:
    """The error where a network is for something else: says what it is for, and which networks would do.

    Args:
        card: of the network.
        tasks: of which one was expected of it: ``segmentation``, ``description``, ``frame``.
        ref: how the network was asked for.
        others: name to task of every network that could be asked for instead.
    """
    right, wanted = [name for name, does in others.items() if does in tasks], " or ".join(tasks)
    return ModelMismatch(
        f"{ref} is a network for {card.task}, expected one for {wanted}",
        remedy=f"name one for {wanted}: {', '.join(right) or 'none is at hand'}; `packshot models` lists them",
    )


def fits_a_mask(shape: Sequence[int | str | None]) -> bool:
    """Whether an output of this shape can be one mask for each picture of a batch.

    Args:
        shape: (n, 1, h, w) or (n, h, w); a side that the graph leaves open is a string or None.
    """
    if len(shape) not in {3, 4}:
        return False
    channels, sides = shape[1:-2], shape[-2:]
    return all(not isinstance(count, int) or count == 1 for count in channels) and all(
        not isinstance(side, int) or side >= _SMALLEST for side in sides
    )
