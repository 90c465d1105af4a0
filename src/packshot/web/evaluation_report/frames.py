"""Detectors of frames beside each other: what `packshot evaluate frame` scores, its table and its page."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup
from PIL import Image

from packshot.errors import PackshotError, UsageError
from packshot.evaluation.binary import BinaryAnswers
from packshot.evaluation.contradicted import contradiction_of
from packshot.evaluation.frame_evaluation import FrameAnswer, FrameEvaluation, evaluate_frames, frame_labels
from packshot.evaluation.photos import Progress, photo_name
from packshot.evaluation.scoring import Figure
from packshot.frame.network import named_detector
from packshot.settings import Settings
from packshot.web.evaluation_report.answers import Table, ranged, shown
from packshot.web.evaluation_report.tasks import Scored
from packshot.web.rendering import render
from packshot.web.run_curves import roc_chart

if TYPE_CHECKING:
    from packshot.datasets import Item

__all__ = ["FrameTask"]

_WORST, _SIDE = 24, 220  # pictures on the page, and the longer side of each in pixels


class FrameTask:
    """Frames, found by several detectors.

    Args:
        models: names of `packshot.runtime.available`, paths of ``.onnx`` files, or ``classical``; the first is the one
            under test.
        settings: provider, store and licence policy.
        data: where the pictures are from.

    Raises:
        ModelError: a network cannot be used.
        UsageError: a model is named twice.
    """

    def __init__(self, models: Sequence[str], settings: Settings, data: Path) -> None:
        names = [Path(model).stem if model.endswith(".onnx") else model for model in models]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise UsageError(f"--model {twice}: two detectors have this name", remedy="name each once; rename a file")
        found = {name: named_detector(model, settings) for name, model in zip(names, models, strict=True)}
        self._detectors = {name: detect for name, (detect, _) in found.items()}
        self._model = ", ".join(identity for _, identity in found.values())
        self._data = data
        self._items: dict[str, Item] = {}
        self._binary: dict[str, BinaryAnswers] = {}

    def prepare(self, items: Sequence[Item]) -> list[str]:
        """Look at the labels.

        Raises:
            UsageError: a picture has another label than framed and unframed.
        """
        labelled = frame_labels(items, data=self._data)
        self._items = {photo_name(item.photo, self._data): item for item in labelled}
        kinds = {item.label for item in labelled}
        return [] if len(kinds) == 2 else [f"all pictures are {kinds.pop()}: there is no ROC curve"]

    def score(self, items: Sequence[Item], progress: Progress) -> Scored:
        """Score pictures; `progress` is told of each."""
        found = evaluate_frames(items, self._detectors, data=self._data, progress=progress)
        self._binary = found.binary()
        first = next(iter(self._detectors))
        against = [contradiction_of(answer) for answer in found.answers if answer.method == first]
        return Scored(
            "frame",
            self._model,
            found,
            _table(found),
            lambda facts: self._page(found, facts),
            contradicted=[one for one in against if one is not None],
        )

    def binary(self) -> dict[str, BinaryAnswers]:
        """Detector to its answers of the last `score`.

        Raises:
            UsageError: all pictures were framed, or none: there is no ROC curve.
        """
        if not self._binary:
            raise UsageError(
                f"{self._data}: there are no framed pictures beside unframed ones, so there is no ROC curve",
                remedy="take a split with both kinds: --split all",
            )
        return self._binary

    def _page(self, found: FrameEvaluation, facts: Mapping[str, str]) -> str:
        head = found.summary[0]
        mine = [answer for answer in found.answers if answer.method == head.method]
        binary = found.binary()
        wrong = sorted((a for a in mine if a.framed != a.true), key=lambda a: a.score if not a.true else 1 - a.score)
        cards = [(answer, self._picture(answer)) for answer in reversed(wrong[-_WORST:])]
        return render(
            "evaluated_frames.html.jinja",
            head=head,
            rows=found.summary,
            ranged=ranged,
            roc=Markup(roc_chart(binary, split=facts.get("Split", ""))) if binary else None,  # noqa: S704 - our own SVG
            cards=[(answer, picture) for answer, picture in cards if picture],
            facts=facts,
            unreadable=[str(each.error) for each in found.unreadable],
        )

    def _picture(self, answer: FrameAnswer) -> str:
        """As a data address; empty where the file is gone meanwhile."""
        try:
            picture = Image.fromarray(self._items[answer.name].rgb())
        except PackshotError:
            return ""
        picture.thumbnail((_SIDE, _SIDE))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=85)
        return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


def _table(found: FrameEvaluation) -> Table:
    header = ("method", "photos", "framed", "accuracy", "95 % interval", "majority", "ROC AUC", "95 % interval")
    rows = [
        (
            row.method,
            f"{row.photos}",
            f"{row.framed}",
            shown(row.accuracy),
            ranged(row.accuracy),
            f"{row.majority:.3f}",
            shown(row.roc_auc),
            ranged(row.roc_auc),
            _words(row.found),
            _words(row.false_alarms),
            _words(row.box_iou),
            f"{1000 * row.seconds:.1f}",
        )
        for row in found.summary
    ]
    return Table((*header, "found", "false alarms", "box IoU", "ms"), tuple(rows))


def _words(figure: Figure | None) -> str:
    return shown(figure)
