"""One photo explained: the map, and how true it is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from packshot.explaining.answering import FRAME
from packshot.explaining.methods import Method
from packshot.explaining.question import Question
from packshot.explanation import (
    Heat,
    curve_area,
    deletion_curve,
    energy_inside,
    insertion_curve,
    points_inside,
    positive,
    resized,
    working_size,
)
from packshot.runtime import SanityCheck
from packshot.values import Alpha, Rgb

__all__ = ["Explanation", "explain"]


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a network answered as it did.

    Attributes:
        method: its name.
        question: that was asked.
        answer: the score of the whole photo, 0..1.
        heat: float32 (h, w) in 0..1 at the working size of the photo, at most 192 pixels a side.
        raw: the method's own map, of its own size and range.
        seconds: that the method took.
        scores: ``deletion``, ``insertion`` (areas, 0..1) and, with a mask, ``energy`` (share of the heat on
            the product) and ``pointing`` (0 or 1).
    """

    method: str
    question: Question
    answer: float
    heat: Heat
    raw: Heat
    seconds: float
    scores: Mapping[str, float] = field(default_factory=dict)

    def row(self) -> dict[str, object]:
        """As JSON has it, without the picture."""
        return {
            "method": self.method,
            "head": self.question.head,
            "label": self.question.label,
            "answer": round(self.answer, 4),
            "sane": None if self.check is None else self.check.passed,
            "scores": {key: round(value, 4) for key, value in self.scores.items()},
            "seconds": round(self.seconds, 3),
        }

    @property
    def check(self) -> SanityCheck | None:
        """Whether the method's maps of this answer show what the network has learnt; None where nobody measured it."""
        return self.question.checks.get(self.method)

    @property
    def words(self) -> str:
        """For a person: the answer, and how true the map is."""
        measured = ", ".join(f"{key} {value:.2f}" for key, value in self.scores.items())
        answer = f"{self.question.head} {self.question.label} ({self.answer:.2f})"
        return f"{answer}\t{measured}" if measured else answer


def explain(
    rgb: Rgb, question: Question, method: Method, *, name: str, alpha: Alpha | None = None, truth: bool = True
) -> Explanation:
    """Explain one answer.

    Args:
        rgb: uint8 (h, w, 3).
        question: about this photo.
        method: of `packshot.explaining.methods`.
        name: of the method.
        alpha: float32 in 0..1 (h, w), where the product is; for the scores alone, and not for a frame, which is none
            of the product.
        truth: whether to measure deletion and insertion, 42 passes of the network.

    Raises:
        UsageError: the network cannot be asked in this way.
    """
    started = time.perf_counter()
    raw = method(rgb, question)
    seconds = time.perf_counter() - started
    scores: dict[str, float] = {}
    if truth:
        scores["deletion"] = curve_area(deletion_curve(question.score, rgb, raw))
        scores["insertion"] = curve_area(insertion_curve(question.score, rgb, raw))
    if alpha is not None and question.head != FRAME and bool((alpha > 0.5).any()):
        energy = energy_inside(raw, alpha)
        scores |= {} if np.isnan(energy) else {"energy": energy}
        scores["pointing"] = float(points_inside(raw, alpha))
    heat = resized(positive(raw), size=working_size((rgb.shape[1], rgb.shape[0])))
    return Explanation(name, question, question.score(rgb), heat, raw, seconds, scores)
