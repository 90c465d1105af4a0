"""How long the pipeline's steps take: the typical photo and the slow one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

__all__ = ["StepTime", "step_times"]


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step over all photos that took it.

    Attributes:
        step: its name; ``whole photo`` for the sum.
        median_ms: half the photos took less.
        slow_ms: nine in ten photos took less.
        share: of the median photo's time, 0..1.
        photos: that took the step.
    """

    step: str
    median_ms: float
    slow_ms: float
    share: float
    photos: int


def step_times(timings: Iterable[Mapping[str, float]]) -> list[StepTime]:
    """Steps in the pipeline's order, the whole photo last; empty if nothing was timed.

    Args:
        timings: per photo, milliseconds by step.

    Example:
        >>> [(time.step, time.median_ms) for time in step_times([{"cut": 20.0}, {"cut": 40.0}])]
        [('cut', 30.0), ('whole photo', 30.0)]
    """
    every = list(timings)
    # The photo that went farthest knows the steps' order; one that failed early has skipped some.
    by_step: dict[str, list[float]] = {step: [] for step in max(every, key=len, default={})}
    whole: list[float] = []
    for times in every:
        for step, milliseconds in times.items():
            by_step.setdefault(step, []).append(milliseconds)
        if times:
            whole.append(sum(times.values()))
    if not whole:
        return []
    total = sum(float(np.median(values)) for values in by_step.values()) or 1.0
    lines = [_line(step, values, total) for step, values in by_step.items()]
    return [*lines, _line("whole photo", whole, 0.0)]


def _line(step: str, values: list[float], total: float) -> StepTime:
    median, slow = (float(value) for value in np.percentile(values, (50, 90)))
    return StepTime(step.replace("_", " "), median, slow, median / total if total else 1.0, len(values))
