"""How far an exported network is from the one that was trained."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from packshot.runtime import Network
from packshot.values import Rgb

__all__ = ["Parity", "compare", "torch_answer"]

Answer = Callable[[NDArray[np.float32]], NDArray[np.float32]]


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
        reference: float32 (1, 3, h, w) to probabilities.
        photos: uint8 (h, w, 3) each, at least one.
    """
    largest, means = 0.0, []
    for rgb in photos:
        batch = exported.prepare(rgb)
        difference = np.abs(exported.run(batch) - reference(batch))
        largest = max(largest, float(difference.max()))
        means.append(float(difference.mean()))
    return Parity(maximum=largest, mean=float(np.mean(means)), photos=len(means))


def torch_answer(task: nn.Module) -> Answer:
    """A torch network as a function of arrays."""

    def answer(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            return np.asarray(task(torch.from_numpy(batch)).numpy(), np.float32)

    return answer
