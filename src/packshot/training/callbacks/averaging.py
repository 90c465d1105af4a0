"""The running average of the weights, which is what is scored and kept."""

from __future__ import annotations

from lightning.pytorch.callbacks import WeightAveraging
from torch import Tensor

__all__ = ["Averaging", "decay_at"]

_EVERY = 4  # steps; averaging each one costs as much as the optimiser on a CPU


class Averaging(WeightAveraging):
    """An exponential moving average that warms up, so that a short run does not keep the weights it began with.

    Args:
        decay: share of the old average that each update keeps in the end.
    """

    def __init__(self, decay: float) -> None:
        def blend(average: Tensor, current: Tensor, updates: Tensor | int) -> Tensor:
            if not average.is_floating_point():  # how many batches a batch norm has seen
                return current
            return average.lerp(current, 1 - decay_at(int(updates), decay))

        super().__init__(use_buffers=True, avg_fn=blend)

    def should_update(self, step_idx: int | None = None, epoch_idx: int | None = None) -> bool:
        """After every fourth step."""
        return step_idx is not None and (step_idx + 1) % _EVERY == 0


def decay_at(updates: int, decay: float) -> float:
    """The decay after so many updates: (1 + n) / (10 + n), up to `decay`, as TensorFlow's average warms up."""
    return min(decay, (1 + updates) / (10 + updates))
