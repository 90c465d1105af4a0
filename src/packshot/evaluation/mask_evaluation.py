"""Scoring masks on pictures whose masks are known, beside a box in the middle and an empty mask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from packshot.datasets import Item
from packshot.evaluation.photo_traits import PhotoTraits, TraitScore, photo_traits, score_by_trait
from packshot.evaluation.photos import Progress, Unreadable, photo_name, readable
from packshot.evaluation.scoring import BASELINES, LabelledPhoto, MaskScore, Predict, SetScore, score_masks, summarise
from packshot.values import Alpha

__all__ = ["MaskEvaluation", "MaskSeen", "evaluate_masks"]

#: Told of a photo, its mask as float32 (h, w) in 0..1, and its figures.
MaskSeen = Callable[[LabelledPhoto, Alpha, MaskScore], None]


@dataclass(frozen=True, slots=True)
class MaskEvaluation:
    """How good masks are.

    Attributes:
        method: name of the method under test; the others are its baselines.
        summary: a row a set and method.
        scores: of every photo and method.
        unreadable: photos that could not be scored.
        traits: IoU of the method under test by what the photos are like.
    """

    method: str
    summary: Sequence[SetScore]
    scores: Sequence[MaskScore]
    unreadable: Sequence[Unreadable]
    traits: Sequence[TraitScore] = ()

    def lines(self) -> list[dict[str, object]]:
        """A row a photo and method, for ``scores.jsonl``."""
        return [asdict(score) for score in self.scores]


def evaluate_masks(
    items: Sequence[Item],
    predict: Predict,
    *,
    method: str,
    data: Path,
    seen: MaskSeen | None = None,
    progress: Progress | None = None,
) -> MaskEvaluation:
    """Score masks.

    Args:
        items: pictures with masks.
        predict: from a photo to its mask.
        method: name of `predict` in the rows.
        data: where the pictures are from.
        seen: told of each mask of `predict`.
        progress: told of each photo.
    """
    unreadable = list[Unreadable]()
    measured: list[tuple[PhotoTraits, float]] = []

    def scored(photo: LabelledPhoto, alpha: Alpha, score: MaskScore) -> None:
        if score.method == method:
            traits = photo_traits(photo.rgb, photo.alpha)
            if traits is not None:
                measured.append((traits, score.iou))
            if seen is not None:
                seen(photo, alpha, score)
            if progress is not None:
                progress(None)

    def photos() -> Iterator[LabelledPhoto]:
        pairs = readable(items, lambda each: each.pair(), data=data, unreadable=unreadable, progress=progress)
        for item, (rgb, alpha) in pairs:
            yield LabelledPhoto(photo_name(item.photo, data), item.source, rgb, alpha)

    methods: dict[str, Predict] = {method: predict, **BASELINES}
    scores = score_masks(photos(), methods, seen=scored)
    return MaskEvaluation(method, summarise(scores), scores, unreadable, score_by_trait(measured))
