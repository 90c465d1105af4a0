"""Frames: accuracy, area under the ROC curve, calibration, and how well the inner box fits, by kind of picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.runtime.side_strips import band_widths, inner_box
from packshot.training.drawn.answers import YesNo
from packshot.training.drawn.evaluator import DrawnEvaluator
from packshot.training.figures.grid import Cell, outlined, thumbnail
from packshot.training.figures.samples import Sample, pixels
from packshot.training.frame.samples import FRAMED, FramePicture
from packshot.values import Box

__all__ = ["FrameEvaluator"]

_CLOSE = 0.01  # of the picture's width or height


@dataclass(frozen=True, slots=True)
class _Answer(YesNo):
    """Also of the inner box; its figures are None where nobody knows the box, or the network gives none."""

    found: Box | None = None
    iou: float | None = None
    close: bool | None = None


class FrameEvaluator(DrawnEvaluator[FramePicture, _Answer]):
    """Scores frames. The inner box is the network's own, not yet refined to the pixel."""

    label = FRAMED

    def answer(self, picture: FramePicture, outputs: list[NDArray[np.float32]], seconds: float) -> _Answer:
        """Whether there is a frame, and the box inside it."""
        score, *sides = outputs
        kinds = (picture.kind,)
        if not sides:
            return _Answer(picture.framed, kinds, float(score), seconds)
        height, width = picture.rgb.shape[:2]
        widths = band_widths(sides[0])  # float32 (4,), fractions of the picture's width or height
        box = inner_box(widths, size=(width, height))
        known = picture.framed and picture.box is not None
        iou = box.iou(picture.box) if known and picture.box else None
        close = bool((np.abs(widths - picture.widths) <= _CLOSE).all()) if known else None
        return _Answer(picture.framed, kinds, float(score), seconds, box if score >= 0.5 else None, iou, close)

    def figures(self, answers: Sequence[_Answer]) -> dict[str, float]:
        """How well the boxes fit, where they are known and given."""
        ious = [answer.iou for answer in answers if answer.iou is not None]
        close = [answer.close for answer in answers if answer.close is not None]
        return {"box_iou": float(np.mean(ious)), "sides_close": float(np.mean(close))} if ious else {}

    def truth_cell(self, picture: FramePicture) -> Cell:
        """The picture and its true box."""
        return Cell(outlined(picture.rgb, truth=picture.box), picture.kind)

    def answer_cell(self, picture: FramePicture, answer: _Answer) -> Cell:
        """The picture, its true box and the one found."""
        fit = "" if answer.iou is None or answer.found is None else f" IoU {answer.iou:.2f}"
        truth = picture.box if picture.framed else None
        return Cell(
            outlined(picture.rgb, truth=truth, found=answer.found),
            f"{picture.kind}: {answer.score:.2f}{fit}",
            answer.right,
        )

    def sample(self, sample: Sample) -> list[Cell]:
        """The picture, or its four strips one above the other, over the widths of its bands in per cent."""
        framed, *widths = sample[1].tolist()
        words = " ".join(f"{100 * width:.1f}" for width in widths)
        return [Cell(thumbnail(pixels(sample[0])), words if framed else "unframed")]
