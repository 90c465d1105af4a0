"""Whether a photo shows anything the network was taught, so that a chair is not called a garment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from packshot.errors import ModelMismatch
from packshot.runtime import KnownRule
from packshot.values import Answer

__all__ = ["known_chance", "silenced"]


def known_chance(features: NDArray[np.float32], rule: KnownRule) -> float:
    """The chance that a photo shows a kind the network was taught, 0..1.

    Args:
        features: float32 (c, h, w), the network's last feature map.
        rule: of its card.

    Raises:
        ModelMismatch: the rule has other than c weights.
    """
    if len(rule.weights) != len(features):
        raise ModelMismatch(
            f"known: expected {len(features)} weights, one a channel, got {len(rule.weights)}",
            remedy="fit the rule again to this network: benchmarks/unknown.py",
        )
    pooled = features.mean(axis=(1, 2), dtype=np.float64)
    total = float(pooled @ np.asarray(rule.weights)) + rule.bias
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def silenced(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The same heads, saying that nothing was recognised.

    What they would have said stays as `top`, and as `chances`, by which a catalogue ranks its hits.
    """
    return tuple(replace(said, path=(), sure=False, uncertainty=1.0) for said in answers)
