"""How the learning rate goes over a run that can be cut anywhere and go on from its weights."""

from __future__ import annotations

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

__all__ = ["constant_then_decay"]


def constant_then_decay(optimizer: Optimizer, *, total: int, warmup: int, decay: int) -> LambdaLR:
    """A linear warm-up, a constant rate, and a linear decay to nothing at the end.

    Args:
        optimizer: whose rates are those of the constant part.
        total: steps of the run.
        warmup: the first so many steps.
        decay: the last so many steps.
    """

    def factor(step: int) -> float:
        if step < warmup:
            return (step + 1) / warmup
        return min(1.0, max(0.0, (total - step) / max(1, decay)))

    return LambdaLR(optimizer, factor)
