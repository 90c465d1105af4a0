"""Overlays: accuracy of the picture's answer by kind of overlay and of scene, and how well the cells fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.training.drawn.answers import YesNo
from packshot.training.drawn.evaluator import DrawnEvaluator
from packshot.training.figures.grid import Cell, thumbnail
from packshot.training.figures.samples import Sample, pixels
from packshot.training.overlay.drawing.sample import OverlaySample
from packshot.training.overlay.samples import OVERLAID, cells_of
from packshot.values import Rgb

__all__ = ["OverlayEvaluator"]

_TINT = np.array([255, 0, 200], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Answer(YesNo):
    """Also of the cells: their map, float32 (h, w), and how many are shared, found and wanted."""

    places: NDArray[np.float32]
    shared: int
    found: int
    wanted: int


class OverlayEvaluator(DrawnEvaluator[OverlaySample, _Answer]):
    """Scores overlays."""

    label = OVERLAID

    def answer(self, picture: OverlaySample, outputs: list[NDArray[np.float32]], seconds: float) -> _Answer:
        """Whether there are overlays, and where."""
        score, places = outputs
        truth = cells_of(picture.mask, side=places.shape[-1])
        found, wanted, known = places >= 0.5, truth > 0.5, truth >= 0
        kinds = tuple(str(kind) for kind in picture.kinds) or (picture.scene,)
        shared = int((found & wanted).sum())
        counts = shared, int((found & known).sum()), int(wanted.sum())
        return _Answer(bool(picture.mask.any()), kinds, float(score), seconds, places, *counts)

    def figures(self, answers: Sequence[_Answer]) -> dict[str, float]:
        """F1 of the cells of all pictures together."""
        both = sum(answer.found + answer.wanted for answer in answers)
        return {"cell_f1": 2 * sum(answer.shared for answer in answers) / max(1, both)}

    def truth_cell(self, picture: OverlaySample) -> Cell:
        """The picture with its overlays tinted."""
        return Cell(_tinted(picture.rgb, picture.mask.astype(np.float32)), picture.scene)

    def answer_cell(self, picture: OverlaySample, answer: _Answer) -> Cell:
        """The picture with what was found tinted."""
        return Cell(_tinted(picture.rgb, answer.places), f"{answer.kinds[0]}: {answer.score:.2f}", answer.right)

    def sample(self, sample: Sample) -> list[Cell]:
        """The picture with its overlaid cells tinted."""
        rgb = pixels(sample[0])
        words = OVERLAID if float(sample[1]) else "none"
        return [Cell(_tinted(rgb, np.asarray(sample[2].clamp(min=0), np.float32)), words)]


def _tinted(rgb: Rgb, places: NDArray[np.float32]) -> Rgb:
    share = cv2.resize(places, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_NEAREST)[..., None] * 0.5
    return thumbnail(np.clip(rgb * (1 - share) + _TINT * share, 0, 255).astype(np.uint8))
