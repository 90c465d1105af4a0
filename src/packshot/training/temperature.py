"""A temperature that makes the score of a question with two answers a probability."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["fit_temperature"]


def fit_temperature(logits: Tensor, truths: Tensor) -> float:
    """The temperature of the least cross-entropy (Guo et al. 2017), found by halving in 0.05..20.

    The loss is convex in 1 / temperature, so the sign of its slope says where to go on. 1 where one class is missing.

    Args:
        logits: float (n,).
        truths: float (n,), 0 or 1.
    """
    if truths.numel() == 0 or truths.min() == truths.max():
        return 1.0
    z, y = logits.double(), truths.double()
    low, high = 0.05, 20.0  # of 1 / temperature
    for _ in range(50):
        middle = (low * high) ** 0.5
        slope = (z * (torch.sigmoid(z * middle) - y)).sum()
        low, high = (low, middle) if slope > 0 else (middle, high)
    return 1 / middle
