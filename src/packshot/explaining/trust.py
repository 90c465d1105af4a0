"""Whether a method's maps are true, over a whole set: beside maps that know nothing, and for a network that does not.

A method is worth its time if its maps beat a blob in the middle, edges and noise; and if they change when the network
forgets what it learnt (`packshot.runtime.SanityCheck`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from packshot.cutout import model_fingerprint, segmenter
from packshot.datasets import Item
from packshot.description import describer_fingerprint
from packshot.errors import PackshotError
from packshot.evaluation import bootstrap_interval, spearman
from packshot.evaluation.photos import Progress, Unreadable, photo_name
from packshot.explaining.answering import FRAME
from packshot.explaining.explain import explain
from packshot.explaining.fewest import FEWEST, refuse_few
from packshot.explaining.methods import Method
from packshot.explaining.photo_hash import photo_hash
from packshot.explaining.product import product_alpha
from packshot.explaining.question import Question
from packshot.explaining.questions import Questions
from packshot.explaining.trust_log import MapScores, kept_maps
from packshot.explanation import Heat, sensitivity
from packshot.frame import frame_fingerprint
from packshot.photo import decode
from packshot.runtime import PASSED_BELOW
from packshot.settings import Settings
from packshot.values import Rgb

__all__ = ["HEADER", "MEASURES", "MethodFigures", "TrustScore", "measure_trust"]

#: What is measured of each map, and whether more is better.
MEASURES: Mapping[str, bool] = MappingProxyType(
    {"deletion": False, "insertion": True, "energy": True, "pointing": True, "sensitivity": False}
)

#: Titles of `MethodFigures.cells`.
HEADER = ("method", "photos", *MEASURES, "likeness", "seconds")

_SIDE = 24  # places along each side at which maps are compared

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TrustScore:
    """One figure with its interval of 95 %, photos drawn."""

    value: float
    interval: Interval

    @property
    def words(self) -> str:
        """The figure and its interval; a dash where no photo has one (a frame lies on no product)."""
        if math.isnan(self.value):
            return "-"
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
        compared: photos that the likeness is of.
        silent: photos of which one of the two maps says nothing, so that there is nothing to compare.
    """

    method: str
    photos: int
    scores: Mapping[str, TrustScore]
    seconds: float
    likeness: TrustScore | None
    compared: int = 0
    silent: int = 0

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return asdict(self) | {"sane": self.sane}

    @property
    def cells(self) -> tuple[str, ...]:
        """Every figure in words, a text for each title of `HEADER`."""
        scores = [self.scores[key].words for key in MEASURES]
        likeness = "" if self.likeness is None else self.likeness.words
        if self.silent:
            likeness = f"{likeness} of {self.compared}, {self.silent} silent".strip()
        return self.method, str(self.photos), *scores, likeness, f"{self.seconds:.2f}"

    @property
    def sane(self) -> bool | None:
        """Whether the maps change when the network forgets what it learnt; None where that was not measured."""
        return None if self.likeness is None else self.likeness.interval[1] < PASSED_BELOW


def measure_trust(
    items: Sequence[Item],
    methods: Callable[[Questions], Mapping[str, Method]],
    settings: Settings,
    forgetful: Settings | None,
    *,
    head: str,
    data: Path,
    out: Path | None = None,
    progress: Progress | None = None,
) -> tuple[list[MethodFigures], list[Unreadable]]:
    """Explain every photo of a set in every way; what was measured before into the same folder is not made again.

    Args:
        items: the photos.
        methods: makes the methods, by name, for the networks that answer the questions.
        settings: of the networks.
        forgetful: of `forgetful_settings`; None to leave likeness out.
        head: which answer is explained.
        data: where the photos are from.
        out: where each map's figures are kept, see `packshot.explaining.trust_log`; None to keep none.
        progress: told of each map, also of those that were measured before, and of a photo that could not be read.

    Returns:
        A row a method, and what could not be read.

    Raises:
        UsageError: the folder is of another evaluation, or fewer than ten photos can be read.
        OutputError: figures cannot be kept.
    """
    _refuse_few(len(items))
    measure, unreadable, rows = _Measure(settings, forgetful, methods, head), list[Unreadable](), list[MapScores]()
    told: Progress = progress or (lambda _: None)
    with kept_maps(out, measure.asked) as (kept, keep):
        for item in items:
            photo = photo_name(item.photo, data)
            sha256 = photo_hash(item.photo)
            rows_of = [kept.get((photo, name)) for name in measure.methods]
            before = [row for row in rows_of if row is not None and row.sha256 == sha256 and measure.is_whole(row)]
            missing = [name for name in measure.methods if name not in {row.method for row in before}]
            for row in before:
                rows.append(row)
                told(None)
            if not missing:
                continue
            try:
                rgb = item.rgb()
            except PackshotError as error:
                unreadable.append(Unreadable(photo, error))
                for each in (error, *[None] * (len(missing) - 1)):
                    told(each)
                continue
            for row in measure.maps(photo, sha256, rgb, missing):
                keep(row)
                rows.append(row)
                told(None)
    _refuse_few(len(items) - len(unreadable))
    return [_figures(name, [row for row in rows if row.method == name]) for name in measure.methods], unreadable


def _refuse_few(photos: int) -> None:
    refuse_few(photos, "photos", remedy="name more photos: a greater --limit, or --split all")


class _Measure:
    """Measures the maps of photo after photo; networks are loaded when it is made."""

    def __init__(
        self,
        settings: Settings,
        forgetful: Settings | None,
        methods: Callable[[Questions], Mapping[str, Method]],
        head: str,
    ) -> None:
        self._questions, self._head = Questions(settings), head
        self._questions.check(head)
        self.methods = methods(self._questions)
        self._mask = segmenter(settings.model, settings)
        self._of_other = None if forgetful is None else Questions(forgetful)
        self._others_methods = {} if self._of_other is None else methods(self._of_other)
        self.asked = {
            "head": head,
            "describe": describer_fingerprint(settings.describe_model, settings),
            "cutout": model_fingerprint(settings.model, settings),
            **({"frame": frame_fingerprint(settings.frame_model, settings)} if head == FRAME else {}),
        }

    def is_whole(self, row: MapScores) -> bool:
        """Whether all that can be measured now is there."""
        return row.likeness is not None or row.silent or self._of_other is None

    def maps(self, photo: str, sha256: str, rgb: Rgb, names: Sequence[str]) -> Iterator[MapScores]:
        """The maps of one photo by some methods."""
        question, alpha = self._questions.ask(rgb, self._head), product_alpha(self._mask, decode(rgb))
        asked_of_other = None if self._of_other is None else self._of_other.ask(rgb, self._head, question.label)
        for name in names:
            method = self.methods[name]
            found = explain(rgb, question, method, name=name, alpha=alpha)
            likeness = (
                None
                if asked_of_other is None
                else _likeness(found.raw, self._others_methods[name](rgb, asked_of_other))
            )
            yield MapScores(
                photo=photo,
                sha256=sha256,
                method=name,
                scores={**found.scores, **_sensitivity(method, question, rgb, found.raw)},
                seconds=found.seconds,
                likeness=likeness,
                silent=asked_of_other is not None and likeness is None,
            )


def _figures(method: str, rows: Sequence[MapScores]) -> MethodFigures:
    likeness = [row.likeness for row in rows if row.likeness is not None]
    enough = len(likeness) >= FEWEST
    return MethodFigures(
        method=method,
        photos=len(rows),
        scores={key: _score([row.scores[key] for row in rows if key in row.scores]) for key in MEASURES},
        seconds=float(np.median([row.seconds for row in rows])) if rows else float("nan"),
        likeness=_score(likeness) if enough else None,
        compared=len(likeness),
        silent=sum(row.silent for row in rows),
    )


def _sensitivity(method: Method, question: Question, rgb: Rgb, heat: Heat) -> dict[str, float]:
    """How much the map changes with noise; nothing of a map without heat."""
    change = sensitivity(lambda each: method(each, question), rgb, heat)
    return {} if np.isnan(change) else {"sensitivity": change}


def _likeness(one: Heat, other: Heat) -> float | None:
    """Rank correlation of two maps; None where one of them is the same everywhere, and says nothing."""
    a, b = (cv2.resize(each, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).ravel() for each in (one, other))
    found = spearman(a, b)
    return None if np.isnan(found) else found


def _score(values: Sequence[float]) -> TrustScore:
    if not values:
        return TrustScore(float("nan"), (float("nan"), float("nan")))
    return TrustScore(float(np.mean(values)), bootstrap_interval(values))
