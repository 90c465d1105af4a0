"""What a trained classifier of one's own says of a kept photo, and where in it that comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packshot.description import Describer
from packshot.explanation import Heat, draw_heatmap, min_max, occlusion_map
from packshot.explanation.scorer import small
from packshot.heads import Head
from packshot.photo import encode
from packshot.service.job import Answer, JobRefused
from packshot.service.kept.files import KeptFiles
from packshot.service.tools import Tools
from packshot.values import Rgb

__all__ = ["AnswerJob", "HeatmapJob"]


@dataclass(frozen=True, slots=True)
class AnswerJob:
    """Every label with its probability, the likeliest first.

    Attributes:
        folder: of the kept photo.
        model: the classifier's ONNX file, as the service was given it.
    """

    folder: Path
    model: Path

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        (classifier, head), rgb = _classifier(tools, self.model), KeptFiles(self.folder).photo().rgb
        with tools.at("classify"):
            chances = classifier.read(rgb).probabilities(head).tolist()
        order = sorted(range(len(chances)), key=lambda place: -chances[place])
        answers = [{"label": head.labels[place], "probability": round(chances[place], 6)} for place in order]
        return Answer(data={"model": classifier.network.id, "answers": answers})


@dataclass(frozen=True, slots=True)
class HeatmapJob:
    """Where a label comes from, drawn on the photo.

    The class-activation map; of a classifier that has none, what the label's probability loses when a patch is hidden.

    Attributes:
        folder: of the kept photo.
        model: the classifier's ONNX file.
        label: of the classifier.
    """

    folder: Path
    model: Path
    label: str

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        (classifier, head), rgb = _classifier(tools, self.model), small(KeptFiles(self.folder).photo().rgb)
        if self.label not in head.labels:
            raise JobRefused("unknown_label", "the classifier has no such label")
        with tools.at("explain"):
            heat = _heat(classifier, head, self.label, rgb)
        with tools.at("encode"):
            return Answer(encode(draw_heatmap(rgb, heat), format="JPEG").data, "image/jpeg")


def _classifier(tools: Tools, model: Path) -> tuple[Describer, Head]:
    """The classifier, and its one question."""
    found = tools.classifier(model)
    return found, found.heads[0]


def _heat(classifier: Describer, head: Head, label: str, rgb: Rgb) -> Heat:
    found = classifier.read(rgb).heatmap(head, label)
    if found is not None:
        return found.heat
    place = head.labels.index(label)
    lost = occlusion_map(lambda picture: float(classifier.read(picture).probabilities(head)[place]), rgb)
    return min_max(np.maximum(lost, 0))  # where hiding helps is no evidence for the label
