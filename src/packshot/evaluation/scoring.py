"""Score what predicts masks on labelled pictures: one pass, a picture at a time, the trivial baselines beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from packshot.evaluation.confidence import bootstrap_interval, spearman, spearman_interval
from packshot.evaluation.matting import connectivity_error, gradient_error, mse, sad
from packshot.evaluation.segmentation import boundary_f, iou, mae, pixel_accuracy
from packshot.values import Alpha, Rgb

__all__ = [
    "ALL_SETS",
    "BASELINES",
    "Figure",
    "LabelledPhoto",
    "MaskScore",
    "Predict",
    "SetScore",
    "score_masks",
    "summarise",
]

#: From a photo, uint8 (h, w, 3), to its alpha, float32 (h, w), and its uncertainty 0..1, None if it has none.
#: Where there is nothing to cut out, the caller gives an empty alpha and uncertainty 1.
Predict = Callable[[Rgb], tuple[Alpha, float | None]]

#: `SetScore.set` of the photos of all sets together.
ALL_SETS = "all sets"

METRICS = ("iou", "boundary_f", "mae", "pixel_accuracy", "sad", "mse", "gradient", "connectivity")


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPhoto:
    """A photo whose mask is known.

    Attributes:
        name: to show a person.
        set: the set it belongs to.
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w), the true mask.
    """

    name: str
    set: str
    rgb: Rgb
    alpha: Alpha


@dataclass(frozen=True, slots=True)
class MaskScore:
    """How good one method's mask of one photo is; the metrics are those of `packshot.evaluation`.

    Attributes:
        name: of the photo.
        set: it belongs to.
        method: that made the mask.
        iou: 0..1.
        boundary_f: 0..1.
        mae: 0..1.
        pixel_accuracy: 0..1.
        sad: thousands of pixels.
        mse: 0..1.
        gradient: thousands.
        connectivity: thousands.
        uncertainty: 0..1 as the method gave it, None if it gives none.
        seconds: the method took.
    """

    name: str
    set: str
    method: str
    iou: float
    boundary_f: float
    mae: float
    pixel_accuracy: float
    sad: float
    mse: float
    gradient: float
    connectivity: float
    uncertainty: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % bootstrap interval; the photo is the independent unit."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SetScore:
    """How good one method is on one set: means over its photos.

    Attributes:
        set: name of the set, or `ALL_SETS`.
        method: its name.
        photos: scored.
        iou: 0..1.
        boundary_f: 0..1.
        mae: 0..1.
        pixel_accuracy: 0..1.
        sad: thousands of pixels.
        mse: 0..1.
        gradient: thousands.
        connectivity: thousands.
        spearman: rank correlation of uncertainty and 1 - IoU, None where it is undefined.
        seconds: median for one photo.
    """

    set: str
    method: str
    photos: int
    iou: Figure
    boundary_f: Figure
    mae: Figure
    pixel_accuracy: Figure
    sad: Figure
    mse: Figure
    gradient: Figure
    connectivity: Figure
    spearman: Figure | None
    seconds: float


def centre_box(rgb: Rgb) -> tuple[Alpha, None]:
    """Baseline: the middle of the picture, 15 % inset on each side."""
    height, width = rgb.shape[:2]
    alpha = np.zeros((height, width), np.float32)
    alpha[int(0.15 * height) : int(0.85 * height), int(0.15 * width) : int(0.85 * width)] = 1
    return alpha, None


def all_background(rgb: Rgb) -> tuple[Alpha, None]:
    """Baseline: an empty mask."""
    return np.zeros(rgb.shape[:2], np.float32), None


#: What any method must beat; it costs nothing to compute.
BASELINES: Mapping[str, Predict] = MappingProxyType({"centre box": centre_box, "all background": all_background})


def score_masks(
    photos: Iterable[LabelledPhoto],
    methods: Mapping[str, Predict],
    *,
    seen: Callable[[LabelledPhoto, Alpha, MaskScore], None] = lambda photo, alpha, score: None,
) -> list[MaskScore]:
    """Score methods on photos; only one photo is held at a time.

    Args:
        photos: read lazily, in any number.
        methods: name -> what predicts a mask; `BASELINES` may be merged in.
        seen: told of every mask, in order: a progress bar, a gallery of the worst cases.

    Returns:
        For each photo, one score for each method.
    """
    scores = []
    for photo in photos:
        for method, predict in methods.items():
            start = time.perf_counter()
            alpha, uncertainty = predict(photo.rgb)
            seconds = time.perf_counter() - start
            score = MaskScore(
                name=photo.name,
                set=photo.set,
                method=method,
                iou=iou(alpha, photo.alpha),
                boundary_f=boundary_f(alpha, photo.alpha),
                mae=mae(alpha, photo.alpha),
                pixel_accuracy=pixel_accuracy(alpha, photo.alpha),
                sad=sad(alpha, photo.alpha),
                mse=mse(alpha, photo.alpha),
                gradient=gradient_error(alpha, photo.alpha),
                connectivity=connectivity_error(alpha, photo.alpha),
                uncertainty=uncertainty,
                seconds=seconds,
            )
            seen(photo, alpha, score)
            scores.append(score)
    return scores


def summarise(scores: Sequence[MaskScore]) -> list[SetScore]:
    """Mean scores with their intervals: for each set, each method, in the order they came.

    Args:
        scores: of any photos and methods; where there are several sets, `ALL_SETS` follows them.
    """
    sets = list(dict.fromkeys(score.set for score in scores))
    methods = list(dict.fromkeys(score.method for score in scores))
    rows = []
    for name in [*sets, ALL_SETS] if len(sets) > 1 else sets:
        for method in methods:
            mine = [score for score in scores if score.method == method and name in {score.set, ALL_SETS}]
            if mine:
                rows.append(_summary(name, method, mine))
    return rows


def _summary(name: str, method: str, scores: Sequence[MaskScore]) -> SetScore:
    means = {metric: _mean([getattr(score, metric) for score in scores]) for metric in METRICS}
    return SetScore(
        set=name,
        method=method,
        photos=len(scores),
        spearman=_ranking(scores),
        seconds=float(np.median([score.seconds for score in scores])),
        **means,
    )


def _mean(values: Sequence[float]) -> Figure:
    return Figure(float(np.mean(values)), *bootstrap_interval(values))


def _ranking(scores: Sequence[MaskScore]) -> Figure | None:
    doubts = [score.uncertainty for score in scores if score.uncertainty is not None]
    errors = [1 - score.iou for score in scores if score.uncertainty is not None]
    rho = spearman(doubts, errors)
    return None if np.isnan(rho) else Figure(rho, *spearman_interval(doubts, errors))
