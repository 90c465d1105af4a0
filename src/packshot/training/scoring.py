"""What the best weights score: on pictures they learnt from, on those that chose them, on those held back."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from packshot.datasets import Item, Split
from packshot.evaluation import (
    ALL_SETS,
    BASELINES,
    LabelledPhoto,
    MaskScore,
    SetScore,
    accuracy,
    bootstrap_interval,
    macro_f1,
    majority_accuracy,
    score_masks,
    summarise,
)
from packshot.training.data.pictures import spread
from packshot.training.figures.grid import Cell, cut_out, thumbnail
from packshot.training.prediction import Predictor
from packshot.values import Alpha

__all__ = ["Scores", "score_classes", "score_mask_network"]

_METRICS = ("iou", "boundary_f", "mae", "pixel_accuracy")
_WORST = 12
_TRAINED_ON = 64  # training pictures scored: enough to see over-fitting


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of a run, as ``run.json`` keeps them.

    Attributes:
        headline: name of the main score.
        scores: split -> headline; None without pictures.
        intervals: split -> its 95 % interval.
        metrics: split -> name -> figure.
        baselines: of the holdout, or of the validation pictures where there is none.
        ms_per_photo: median.
        worst: validation pictures, worst first: photo, truth, prediction.
    """

    headline: str
    scores: dict[str, float | None] = field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    baselines: dict[str, float] = field(default_factory=dict)
    ms_per_photo: float | None = None
    worst: list[list[Cell]] = field(default_factory=list)


def score_mask_network(
    predictor: Predictor, items: Mapping[Split, Sequence[Item]], *, between: Callable[[], None]
) -> Scores:
    """Score masks at the photos' own size.

    Args:
        predictor: of the best weights.
        items: of each split.
        between: called after each photo; may raise to stop.
    """
    result = Scores(headline="iou")
    gallery = _Gallery()
    seconds: list[float] = []
    for split, mine in _few_of_training(items).items():

        def seen(photo: LabelledPhoto, alpha: Alpha, score: MaskScore, split: Split = split) -> None:
            if score.method == "network":
                seconds.append(score.seconds)
                if split is Split.VALIDATION:
                    gallery.add(photo, alpha, score)
            between()

        methods = {"network": predictor.alpha, "all background": BASELINES["all background"]}
        rows = summarise(score_masks(_labelled(mine), methods, seen=seen))
        _note(result, split, [row for row in rows if row.method == "network"])
        if split is not Split.TRAIN and mine:
            empty = next(row for row in reversed(rows) if row.method == "all background")
            result.baselines.clear()
            result.baselines.update(
                all_background_accuracy=empty.pixel_accuracy.value, all_background_iou=empty.iou.value
            )
    return _finished(result, seconds, gallery.worst())


def score_classes(
    predictor: Predictor,
    items: Mapping[Split, Sequence[Item]],
    *,
    labels: Sequence[str],
    between: Callable[[], None],
) -> Scores:
    """Score class names.

    Args:
        predictor: of the best weights.
        items: of each split.
        labels: the classes in the order of their numbers.
        between: called after each photo; may raise to stop.
    """
    result = Scores(headline="accuracy")
    numbers = {label: number for number, label in enumerate(labels)}
    learnt = [numbers[item.label or ""] for item in items[Split.TRAIN]]
    cells: list[tuple[float, list[Cell]]] = []
    seconds: list[float] = []
    for split, mine in _few_of_training(items).items():
        true, named = [], []
        for item in mine:
            rgb = item.rgb()
            start = time.perf_counter()
            answer = predictor.classes(rgb)
            seconds.append(time.perf_counter() - start)
            true.append(numbers[item.label or ""])
            named.append(int(answer.argmax()))
            if split is Split.VALIDATION:
                words = f"{item.label}: said {labels[named[-1]]} {answer.max():.2f}"
                right = named[-1] == true[-1]
                cells.append((float(answer[true[-1]]), [Cell(thumbnail(rgb), words, right)]))
            between()
        key = str(split)
        result.scores[key] = accuracy(named, true) if mine else None
        if mine:
            hits = (np.array(named) == np.array(true)).astype(float)
            result.intervals[key] = bootstrap_interval(hits)
            result.metrics[key] = {"accuracy": float(hits.mean()), "macro_f1": macro_f1(named, true)}
        if split is not Split.TRAIN and mine:
            result.baselines.clear()
            result.baselines.update(majority_accuracy=majority_accuracy(true, train=learnt or None))
    worst = [row[0] for _, row in sorted(cells, key=lambda pair: pair[0])[: 4 * _WORST // 2]]
    return _finished(result, seconds, [worst[start : start + 6] for start in range(0, len(worst), 6)])


def _few_of_training(items: Mapping[Split, Sequence[Item]]) -> dict[Split, list[Item]]:
    return {
        Split.TRAIN: spread(items[Split.TRAIN], _TRAINED_ON),
        Split.VALIDATION: list(items[Split.VALIDATION]),
        Split.HOLDOUT: list(items[Split.HOLDOUT]),
    }


def _labelled(items: Sequence[Item]) -> Iterator[LabelledPhoto]:
    for item in items:
        yield LabelledPhoto(item.photo.name, item.source, *item.pair())


def _note(result: Scores, split: Split, rows: Sequence[SetScore]) -> None:
    """The figures of one split: of all its sets together, and of each."""
    key = str(split)
    if not rows:
        result.scores[key] = None
        return
    whole = rows[-1]
    result.scores[key] = whole.iou.value
    result.intervals[key] = (whole.iou.low, whole.iou.high)
    result.metrics[key] = {name: getattr(whole, name).value for name in _METRICS}
    if whole.set == ALL_SETS:
        for row in rows[:-1]:
            result.metrics[key] |= {f"{name}/{row.set}": getattr(row, name).value for name in ("iou", "boundary_f")}


def _finished(result: Scores, seconds: Sequence[float], worst: list[list[Cell]]) -> Scores:
    return Scores(
        headline=result.headline,
        scores=result.scores,
        intervals=result.intervals,
        metrics=result.metrics,
        baselines=result.baselines,
        ms_per_photo=round(1000 * float(np.median(seconds)), 2) if seconds else None,
        worst=worst,
    )


class _Gallery:
    """Keeps small pictures of the worst masks, not of all."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, list[Cell]]] = []
        self._count = 0

    def add(self, photo: LabelledPhoto, alpha: Alpha, score: MaskScore) -> None:
        self._count += 1
        if len(self._heap) == _WORST and -score.iou < self._heap[0][0]:
            return
        rgb, true, found = thumbnail(photo.rgb), thumbnail(photo.alpha), thumbnail(alpha)
        row = [Cell(rgb, photo.name[:22]), Cell(cut_out(rgb, true)), Cell(cut_out(rgb, found), f"IoU {score.iou:.3f}")]
        push = heapq.heappushpop if len(self._heap) == _WORST else heapq.heappush
        push(self._heap, (-score.iou, self._count, row))

    def worst(self) -> list[list[Cell]]:
        rows = [row for _, _, row in sorted(self._heap, key=lambda entry: -entry[0])]
        # Two triples in a row of the grid.
        return [[cell for triple in rows[start : start + 2] for cell in triple] for start in range(0, len(rows), 2)]
