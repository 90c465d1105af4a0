"""Masks: their IoU and boundary at the photos' own size, beside the all-background answer."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence

from packshot.datasets import Item, Split
from packshot.evaluation import ALL_SETS, BASELINES, LabelledPhoto, MaskScore, Predict, SetScore, score_masks, summarise
from packshot.training.data.pictures import spread
from packshot.training.evaluators.scores import WATCHED, WORST, Scores, few_of_training, finished
from packshot.training.figures.grid import Cell, cut_out, thumbnail
from packshot.training.figures.samples import Sample, pixels
from packshot.training.prediction import Predictor
from packshot.values import Alpha

__all__ = ["MaskEvaluator"]

_METRICS = ("iou", "boundary_f", "mae", "pixel_accuracy")


class MaskEvaluator:
    """Scores masks.

    Args:
        items: of each split.
    """

    progress_columns: tuple[str, ...] = ("photo", "truth")
    prediction_columns: tuple[str, ...] = ("photo", "truth", "network") * 2

    def __init__(self, items: Mapping[Split, Sequence[Item]]) -> None:
        self.items = items

    def score(self, predictor: Predictor, *, between: Callable[[], None]) -> Scores:
        """Score masks at the photos' own size."""
        result = Scores(headline="iou")
        gallery = _Gallery()
        seconds: list[float] = []
        for split, mine in few_of_training(self.items).items():

            def seen(photo: LabelledPhoto, alpha: Alpha, score: MaskScore, split: Split = split) -> None:
                if score.method == "network":
                    seconds.append(score.seconds)
                    if split is Split.VALIDATION:
                        gallery.add(photo, alpha, score)
                between()

            methods: dict[str, Predict] = {
                "network": lambda rgb: (predictor.alpha(rgb), None),
                "all background": BASELINES["all background"],
            }
            rows = summarise(score_masks(_labelled(mine), methods, seen=seen))
            _note(result, split, [row for row in rows if row.method == "network"])
            if split is not Split.TRAIN and mine:
                empty = next(row for row in reversed(rows) if row.method == "all background")
                result.baselines.clear()
                result.baselines.update(
                    all_background_accuracy=empty.pixel_accuracy.value, all_background_iou=empty.iou.value
                )
        return finished(result, seconds, gallery.worst())

    def watched(self, predictor: Predictor) -> tuple[list[list[Cell]], Callable[[], list[Cell]]]:
        """Photos and their cut-outs."""
        pairs = [item.pair() for item in spread(self.items[Split.VALIDATION], WATCHED)]

        def cut() -> list[Cell]:
            return [Cell(cut_out(thumbnail(rgb), thumbnail(predictor.alpha(rgb)))) for rgb, _ in pairs]

        return [[Cell(thumbnail(a)), Cell(cut_out(thumbnail(a), thumbnail(b)))] for a, b in pairs], cut

    def sample(self, sample: Sample) -> list[Cell]:
        """The picture, and its cut-out."""
        rgb = thumbnail(pixels(sample[0]))
        return [Cell(rgb), Cell(cut_out(rgb, thumbnail(sample[1][0].numpy())))]


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


class _Gallery:
    """Keeps small pictures of the worst masks, not of all."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, list[Cell]]] = []
        self._count = 0

    def add(self, photo: LabelledPhoto, alpha: Alpha, score: MaskScore) -> None:
        self._count += 1
        if len(self._heap) == WORST and -score.iou < self._heap[0][0]:
            return
        rgb, true, found = thumbnail(photo.rgb), thumbnail(photo.alpha), thumbnail(alpha)
        row = [Cell(rgb, photo.name[:22]), Cell(cut_out(rgb, true)), Cell(cut_out(rgb, found), f"IoU {score.iou:.3f}")]
        push = heapq.heappushpop if len(self._heap) == WORST else heapq.heappush
        push(self._heap, (-score.iou, self._count, row))

    def worst(self) -> list[list[Cell]]:
        rows = [row for _, _, row in sorted(self._heap, key=lambda entry: -entry[0])]
        # Two triples in a row of the grid.
        return [[cell for triple in rows[start : start + 2] for cell in triple] for start in range(0, len(rows), 2)]
