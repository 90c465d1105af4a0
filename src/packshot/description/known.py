"""Whether a photo shows anything the network was taught, so that a chair is not called a garment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from packshot.counting import counted
from packshot.errors import ModelMismatch
from packshot.runtime import KnownRule
from packshot.values import Answer

__all__ = ["check_weights", "known_chance", "silenced"]


def check_weights(rule: KnownRule | None, *, channels: int, network: str) -> None:
    """See that a rule fits its network; once, not for each photo.

    Args:
        rule: of the network's card; None where it has none.
        channels: of the network's last feature map.
        network: its name, for the message.

    Raises:
        ModelMismatch: the rule has another number of weights.
    """
    if rule is not None and len(rule.weights) != channels:
        raise ModelMismatch(
            f"{network}: known: expected {counted(channels, 'weight')}, one a channel, got {len(rule.weights)}",
            remedy="fit the rule again to this network: benchmarks/unknown.py",
        )


def known_chance(features: NDArray[np.float32], rule: KnownRule) -> float:
    """The chance that a photo shows a kind the network was taught, 0..1.

    Args:
        features: float32 (c, h, w), the network's last feature map.
        rule: of its card, with c weights; see `check_weights`.
    """
    pooled = features.mean(axis=(1, 2), dtype=np.float64)
    total = float(pooled @ np.asarray(rule.weights)) + rule.bias
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def silenced(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The same heads, saying that nothing was recognised.

    What they would have said stays as `top`, and as `chances`, by which a catalogue ranks its hits.
    """
    return tuple(replace(said, path=(), sure=False, uncertainty=1.0) for said in answers)
