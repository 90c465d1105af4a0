"""Whether a method's maps are true, over a whole set: beside maps that know nothing, and for a network that does not.

A method is worth its time if its maps beat a blob in the middle, edges and noise; and if they change when the network
forgets what it learnt (`packshot.runtime.SanityCheck`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from packshot.cutout import segmenter
from packshot.datasets import Item
from packshot.evaluation import bootstrap_interval, spearman
from packshot.evaluation.photos import Progress, Unreadable, readable
from packshot.explaining.explain import explain
from packshot.explaining.methods import Method
from packshot.explaining.product import product_alpha
from packshot.explaining.question import Question, Questions
from packshot.explanation import Heat, sensitivity
from packshot.photo import decode
from packshot.runtime import PASSED_BELOW, resolve
from packshot.settings import Settings
from packshot.values import Rgb

__all__ = ["MEASURES", "MethodFigures", "TrustScore", "forgetful_settings", "measure_trust"]

#: What is measured of each map, and whether more is better.
MEASURES: Mapping[str, bool] = MappingProxyType(
    {"deletion": False, "insertion": True, "energy": True, "pointing": True, "sensitivity": False}
)

_SIDE = 24  # places along each side at which maps are compared

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TrustScore:
    """One figure with its interval of 95 %, photos drawn."""

    value: float
    interval: Interval

    @property
    def words(self) -> str:
        """The figure and its interval."""
        return f"{self.value:.3f} ({self.interval[0]:.3f} to {self.interval[1]:.3f})"


@dataclass(frozen=True, slots=True)
class MethodFigures:
    """How far a method can be trusted.

    Attributes:
        method: its name.
        photos: explained.
        scores: of `MEASURES`.
        seconds: a photo, median.
        likeness: rank correlation of the maps with those for a network with shuffled weights, -1..1; None where that
            was not measured.
    """

    method: str
    photos: int
    scores: Mapping[str, TrustScore]
    seconds: float
    likeness: TrustScore | None

    @property
    def cells(self) -> tuple[str, ...]:
        """Every figure in words."""
        scores = [self.scores[key].words for key in MEASURES]
        likeness = "" if self.likeness is None else self.likeness.words
        return self.method, str(self.photos), *scores, likeness, f"{self.seconds:.2f}"

    @property
    def sane(self) -> bool | None:
        """Whether the maps change when the network forgets what it learnt; None where that was not measured."""
        return None if self.likeness is None else self.likeness.interval[1] < PASSED_BELOW


class _Gathered:
    """The figures of one method, photo by photo."""

    def __init__(self) -> None:
        self.scores: list[Mapping[str, float]] = []
        self.seconds: list[float] = []
        self.likeness: list[float] = []

    def figures(self, method: str) -> MethodFigures:
        return MethodFigures(
            method=method,
            photos=len(self.scores),
            scores={key: _score([each[key] for each in self.scores if key in each]) for key in MEASURES},
            seconds=float(np.median(self.seconds)) if self.seconds else float("nan"),
            likeness=_score(self.likeness) if self.likeness else None,
        )


def measure_trust(
    items: Sequence[Item],
    methods: Callable[[Questions], Mapping[str, Method]],
    settings: Settings,
    forgetful: Settings | None,
    *,
    head: str,
    data: Path,
    progress: Progress | None = None,
) -> tuple[list[MethodFigures], list[Unreadable]]:
    """Explain every photo of a set in every way.

    Args:
        items: the photos.
        methods: makes the methods, by name, for the networks that answer the questions.
        settings: of the networks.
        forgetful: of `forgetful_settings`; None to leave likeness out.
        head: which answer is explained.
        data: where the photos are from.
        progress: told of each photo.

    Returns:
        A row a method, and what could not be read.
    """
    questions, unreadable = Questions(settings), list[Unreadable]()
    mine, mask = methods(questions), segmenter(settings.model, settings)
    other = None if forgetful is None else Questions(forgetful)
    theirs = {} if other is None else methods(other)
    gathered = {name: _Gathered() for name in mine}
    for _, rgb in readable(items, lambda each: each.rgb(), data=data, unreadable=unreadable, progress=progress):
        question, alpha = questions.ask(rgb, head), product_alpha(mask, decode(rgb))
        asked_of_other = None if other is None else other.ask(rgb, head, question.label)
        for name, method in mine.items():
            found = explain(rgb, question, method, name=name, alpha=alpha)
            gathered[name].scores.append({**found.scores, **_sensitivity(method, question, rgb, found.raw)})
            gathered[name].seconds.append(found.seconds)
            if asked_of_other is not None:
                gathered[name].likeness.append(_likeness(found.raw, theirs[name](rgb, asked_of_other)))
        if progress is not None:
            progress(None)
    return [each.figures(name) for name, each in gathered.items()], unreadable


def forgetful_settings(settings: Settings, folder: Path, write: Callable[[Path, Path], object]) -> Settings:
    """Settings of the same describing network with shuffled weights.

    Args:
        settings: of the networks.
        folder: the shuffled network is written there.
        write: from the network's file makes the shuffled one's, see `packshot.training.explanation`.

    Raises:
        ModelError: the network cannot be used.
    """
    found = resolve(settings.describe_model, settings)
    path = folder / "forgetful.onnx"
    write(found.path, path)
    path.with_suffix(".json").write_text(found.card.model_copy(update={"sha256": None}).model_dump_json())
    return settings.model_copy(update={"describe_model": str(path)})


def _sensitivity(method: Method, question: Question, rgb: Rgb, heat: Heat) -> dict[str, float]:
    """How much the map changes with noise; nothing of a map without heat."""
    change = sensitivity(lambda each: method(each, question), rgb, heat)
    return {} if np.isnan(change) else {"sensitivity": change}


def _likeness(one: Heat, other: Heat) -> float:
    """Rank correlation of two maps: 0 where one of them says nothing, 1 where both do."""
    a, b = (cv2.resize(each, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).ravel() for each in (one, other))
    found = spearman(a, b)
    return float(np.ptp(a) == np.ptp(b)) if np.isnan(found) else found


def _score(values: Sequence[float]) -> TrustScore:
    if not values:
        return TrustScore(float("nan"), (float("nan"), float("nan")))
    return TrustScore(float(np.mean(values)), bootstrap_interval(values))
