"""Why one photo is called what it is called, and which evidence sends its cut-out to review, with the places."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from packshot.cutout import Evidence, ready_evidence
from packshot.cutout.maps import find_maps
from packshot.description import NO_DESCRIPTION
from packshot.explaining.evidence_places import evidence_boxes
from packshot.explaining.question import Question
from packshot.explaining.questions import Questions
from packshot.explaining.sanity import sanity_words
from packshot.explanation import Heat, draw_heatmap, draw_marks, occlusion_map, positive, resized, working_size
from packshot.resizing import downscale_factor, downscaled
from packshot.runtime import Network
from packshot.settings import Settings
from packshot.values import Alpha, Box, Photo, Rgb

__all__ = ["Reason", "Said", "Why", "WhyAsked"]

_MOST = 4  # reasons that are shown
_LARGEST = 0.3  # of the photo: a larger box points nowhere
_LONGEST = 800  # pixels of a picture's longer side, as heatmaps of a run have
_EVEN = 0.5  # chance from which on a place is as hot as can be
_LEAST = 0.05  # probability of a label: below it the photo is called nothing, and nothing spoke for it


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What the photo is called, and where that comes from.

    Attributes:
        head: that answered.
        name: of the label.
        score: its probability, 0..1.
        method: of the map.
        heat: float32 (h, w) in 0..1, of the whole photo: the background may have spoken, too.
        warning: what has to be known of the method; empty if nothing.
    """

    head: str
    name: str
    score: float
    method: str
    heat: Heat
    warning: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence against the mask.

    Attributes:
        evidence: what was measured.
        boxes: where it can be seen, in pixels of the photo; none of what concerns the whole outline.
    """

    evidence: Evidence
    boxes: tuple[Box, ...]

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            **self.evidence.row(),
            "words": self.evidence.words,
            "boxes": [box.as_tuple() for box in self.boxes],
        }


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """Why a photo was answered as it was.

    Attributes:
        said: what it is called; None where nothing describes, or nothing it knows was recognised.
        reasons: what speaks against its mask, the most telling first.
        doubt: float32 (h, w) in 0..1: where the network expects its mask to be wrong; without a mask, where it comes
            nearest to seeing a product. None of a network that does not say.
        nearest: the greatest probability of a product anywhere, where none was found; None where one was.
    """

    said: Said | None
    reasons: tuple[Reason, ...]
    doubt: Heat | None
    nearest: float | None = None

    def row(self) -> dict[str, object]:
        """As JSON has it, without the pictures."""
        said = self.said
        return {
            "said": None
            if said is None
            else {
                "head": said.head,
                "name": said.name,
                "score": round(said.score, 4),
                "method": said.method,
                "warning": said.warning,
            },
            "reasons": [reason.row() for reason in self.reasons],
            "nearest": None if self.nearest is None else round(self.nearest, 4),
        }

    def pictures(self, rgb: Rgb) -> dict[str, Rgb]:
        """The photo under what it is called by (``said``) and under what speaks against its mask (``review``).

        Args:
            rgb: uint8 (h, w, 3), the photo.

        Returns:
            uint8, the longer side at most 800 pixels.
        """
        photo, scale = downscaled(rgb, _LONGEST), downscale_factor(rgb.shape[:2], _LONGEST)
        size = photo.shape[1], photo.shape[0]
        found = {} if self.said is None else {"said": draw_heatmap(photo, self.said.heat)}
        if self.doubt is not None:
            marks = [(at, box) for at, reason in enumerate(self.reasons, start=1) for box in reason.boxes]
            found["review"] = draw_marks(
                draw_heatmap(photo, self.doubt), [(str(at), _scaled(box, scale, size)) for at, box in marks]
            )
        return found


def _scaled(box: Box, scale: float, size: tuple[int, int]) -> Box:
    x0, y0 = min(int(box.x0 * scale), size[0] - 1), min(int(box.y0 * scale), size[1] - 1)
    x1, y1 = min(math.ceil(box.x1 * scale), size[0]), min(math.ceil(box.y1 * scale), size[1])
    return Box(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))


class WhyAsked:
    """Asks why, of one photo after another; each network is loaded when it is first needed.

    Args:
        settings: networks, provider, threads.
    """

    def __init__(self, settings: Settings) -> None:
        self._questions = Questions(settings)
        self._describes = settings.describe_model != NO_DESCRIPTION

    def __call__(self, photo: Photo, alpha: Alpha | None) -> Why:
        """Why a photo was answered as it was.

        Args:
            photo: upright and without its frame.
            alpha: float32 (h, w) in 0..1, its finished mask; None where no product was found.

        Raises:
            ModelError: a network cannot be used.
        """
        said = self._said(photo.rgb) if self._describes else None
        network = self._questions.cutout_network
        return _reviewed(photo, alpha, network, said)

    def _said(self, rgb: Rgb) -> Said | None:
        if not self._questions.describer.read(rgb).familiar:
            return None  # it was called nothing, so nothing spoke for it
        question = self._questions.ask(rgb)
        score = question.score(rgb)
        if score < _LEAST:
            return None
        method, heat = "cam", None if question.cam is None else question.cam(rgb)
        if heat is None:
            method, heat = "occlusion", _occluded(rgb, question)
        return Said(
            head=question.head,
            name=question.name,
            score=score,
            method=method,
            heat=heat,
            warning=sanity_words(method, question.checks.get(method), head=question.head),
        )


def _occluded(rgb: Rgb, question: Question) -> Heat:
    size = working_size((rgb.shape[1], rgb.shape[0]))
    return resized(positive(occlusion_map(question.evidence, rgb)), size=size)


def _reviewed(photo: Photo, alpha: Alpha | None, network: Network, said: Said | None) -> Why:
    maps = find_maps(photo.rgb, network)
    size = working_size((photo.width, photo.height))
    if alpha is None or not bool((alpha >= 0.5).any()):
        nearest = float(maps.alpha.max())
        return Why(said, (), resized(_even(maps.alpha), size=size), nearest)
    doubt = None if maps.error is None else resized(_even(maps.error), size=size)
    if network.card.ready is None:
        return Why(said, (), doubt)
    against = [each for each in ready_evidence(photo, alpha, network) if each.speaks_against][:_MOST]
    reasons = []
    for each in against:
        boxes = evidence_boxes(each.figure, maps, alpha)
        reasons.append(Reason(each, tuple(box for box in boxes if box.area <= _LARGEST * alpha.size)))
    return Why(said, tuple(reasons), doubt)


def _even(chances: Alpha) -> Heat:
    """Chances as heat: hottest from one half on."""
    return np.asarray(np.minimum(chances / np.float32(_EVEN), 1), np.float32)
