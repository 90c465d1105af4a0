"""How far an exported network is from the one that was trained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from packshot.runtime import Network
from packshot.values import Rgb

__all__ = ["Parity", "compare", "torch_answer"]

#: From a batch to the outputs by name.
Answer = Callable[[NDArray[np.float32]], Mapping[str, NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class Parity:
    """Absolute differences of two networks' probabilities on the same photos.

    Attributes:
        maximum: the largest anywhere, 0..1.
        mean: over all photos.
        photos: how many were compared.
    """

    maximum: float
    mean: float
    photos: int


def compare(exported: Network, reference: Answer, photos: Iterable[Rgb]) -> Parity:
    """Ask both networks about the same prepared photos.

    Args:
        exported: the ONNX file as it will be served.
        reference: float32 (1, 3, h, w) to probabilities by the outputs' names.
        photos: uint8 (h, w, 3) each, at least one.
    """
    largest, means = 0.0, []
    for rgb in photos:
        batch = exported.prepare(rgb)
        expected = reference(batch)
        found = exported.outputs(batch, names=list(expected))
        # An output may be empty: the logits of a network without heads.
        differences = [np.abs(found[name] - expected[name]) for name in expected if expected[name].size]
        largest = max(largest, *(float(difference.max()) for difference in differences))
        means.append(float(np.mean([difference.mean() for difference in differences])))
    return Parity(maximum=largest, mean=float(np.mean(means)), photos=len(means))


def torch_answer(task: nn.Module, outputs: Sequence[str]) -> Answer:
    """A torch network as a function of arrays.

    Args:
        task: float (n, 3, h, w) to one or several tensors of probabilities.
        outputs: their names.
    """

    def answer(batch: NDArray[np.float32]) -> Mapping[str, NDArray[np.float32]]:
        with torch.inference_mode():
            found = task(torch.from_numpy(batch))
        values = found if isinstance(found, tuple) else (found,)
        arrays = [np.asarray(value.detach().numpy(), np.float32) for value in values]
        return dict(zip(outputs, arrays, strict=True))

    return answer
