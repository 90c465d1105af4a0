"""What a trained classifier of one's own says of a kept photo, and where in it that comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packshot.explanation import draw_heatmap, min_max, occlusion_map
from packshot.explanation.scorer import small
from packshot.photo import encode
from packshot.runtime import Network, load
from packshot.service.job import Answer, JobRefused
from packshot.service.kept.files import KeptFiles
from packshot.service.tools import Tools
from packshot.values import Rgb

__all__ = ["AnswerJob", "HeatmapJob"]

_TASK = "classification"


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
        network, rgb = _network(tools, self.model), KeptFiles(self.folder).photo().rgb
        with tools.at("classify"):
            chances = _probabilities(network, rgb)
        order = sorted(range(len(chances)), key=lambda place: -chances[place])
        answers = [{"label": network.card.labels[place], "probability": round(chances[place], 6)} for place in order]
        return Answer(data={"model": network.id, "answers": answers})


@dataclass(frozen=True, slots=True)
class HeatmapJob:
    """Where a label comes from: what its probability loses when a patch of the photo is hidden, drawn on the photo.

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
        network, rgb = _network(tools, self.model), small(KeptFiles(self.folder).photo().rgb)
        if self.label not in network.card.labels:
            raise JobRefused("unknown_label", "the classifier has no such label")
        place = network.card.labels.index(self.label)
        with tools.at("explain"):
            lost = occlusion_map(lambda picture: _probabilities(network, picture)[place], rgb)
            heat = min_max(np.maximum(lost, 0))  # where hiding helps is no evidence for the label
        with tools.at("encode"):
            return Answer(encode(draw_heatmap(rgb, heat), format="JPEG").data, "image/jpeg")


def _network(tools: Tools, model: Path) -> Network:
    found: Network = tools.keep(("classifier", str(model)), lambda: load(model, tools.settings, task=_TASK))
    return found


def _probabilities(network: Network, rgb: Rgb) -> list[float]:
    """Of each of the card's labels, 0..1."""
    return [float(chance) for chance in network.run(network.prepare(rgb)).reshape(-1)]
