"""What a change of photos does to a network's answers."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ChangeFigures"]

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """What one change does.

    Attributes:
        name: of the intervention; empty for the photos as they are.
        photos: asked about.
        accuracy: share answered rightly, 0..1; None where nothing is known to be true.
        accuracy_interval: of 95 %, products drawn whole.
        flips: share whose answer is another than the unchanged photo's, 0..1.
        flips_interval: of 95 %.
        logit: mean change of the log odds of the unchanged photo's answer.
        logit_interval: of 95 %.
        p: of McNemar's exact test on products (more of whose photos are answered rightly before or after), with Holm's
            correction over all changes; None for the photos as they are, or where nothing is known to be true.
    """

    name: str
    photos: int
    accuracy: float | None
    accuracy_interval: Interval | None
    flips: float
    flips_interval: Interval
    logit: float
    logit_interval: Interval
    p: float | None = None
