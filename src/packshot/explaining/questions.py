"""Questions to the product's networks: which they answer, and each asked of one photo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from packshot.cutout import segmenter
from packshot.cutout.maps import find_maps
from packshot.description import Describer, describer
from packshot.errors import NothingToCutOut, UsageError
from packshot.explaining.answering import CUTOUT, FRAME, READY
from packshot.explaining.question import Question, answered_place, log_odds, place_of
from packshot.explanation import Heat
from packshot.frame import FrameDetector
from packshot.heads import Head
from packshot.photo import decode
from packshot.runtime import Network, load, resolve
from packshot.settings import Settings
from packshot.values import Rgb

__all__ = ["Questions"]

#: The label of a question that has one alone.
_ALONE: Mapping[str, str] = MappingProxyType({FRAME: "framed", CUTOUT: "product", READY: "review"})


class Questions:
    """The questions that the networks of some settings answer; each network is loaded when it is first asked.

    Args:
        settings: networks, provider, threads.

    Attributes:
        settings: the same.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._describer: Describer | None = None

    @property
    def path(self) -> Path:
        """The describing network's ONNX file.

        Raises:
            ModelNotFound: there is none of that name.
        """
        return resolve(self.settings.describe_model, self.settings).path

    def check(self, head: str | None, labels: Sequence[str] = ()) -> None:
        """Refuse a question that no photo can be asked, before the first is opened.

        Args:
            head: as for `ask`.
            labels: of the head; none for what the network answers.

        Raises:
            ModelError: the network cannot be used.
            UsageError: no such head or label; names the nearest.
        """
        if head is not None and head in _ALONE:
            for label in labels:
                _check_alone(head, label)
            return
        found = self._head(self.head_asked(head))
        for label in labels:
            place_of(found, label, self.describer.network.id)

    def has_activation_map(self, head: str | None) -> bool:
        """Whether a question has class-activation maps: of every head of a whole describing network, and of ``ready``.

        Args:
            head: as for `ask`.

        Raises:
            ModelError: the network cannot be used.
        """
        return head == READY if head in _ALONE else self.describer.whole

    def has_logit(self, head: str | None, labels: Sequence[str] = ()) -> bool:
        """Whether a question has one logit, that a gradient can be taken of.

        Args:
            head: as for `ask`.
            labels: as for `ask_for_sum`.

        Raises:
            ModelError: the network cannot be used.
        """
        return head not in _ALONE and self.describer.with_logits and len(set(labels)) <= 1

    def head_asked(self, head: str | None) -> str:
        """The name of the head that is asked: of the describing network's first where none is named."""
        return self.describer.head_named(None) if head is None else head

    def network_asked(self, head: str | None) -> str:
        """Name and hash of the network that answers a head.

        Raises:
            ModelError: it cannot be used.
        """
        if head == FRAME:
            return FrameDetector(self.settings.frame_model, self.settings).network.id
        return self.cutout_network.id if head in _ALONE else self.describer.network.id

    def ask_for_sum(self, rgb: Rgb, head: str | None, labels: Sequence[str]) -> Question:
        """A question for several labels of one head together: what speaks for any of them.

        Its score is the sum of their probabilities, at most 1, its class-activation map the sum of their maps. There is
        no single logit, so methods that take the gradient of one have no answer.

        Args:
            rgb: uint8 (h, w, 3).
            head: as for `ask`.
            labels: of the head, each once; of one label, the question is that of `ask`.

        Raises:
            ModelError: the network cannot be used.
            UsageError: no such head or label; or the head has one label alone.
        """
        chosen = list(dict.fromkeys(labels))
        if len(chosen) == 1:
            return self.ask(rgb, head, chosen[0])
        each = [self.ask(rgb, head, label) for label in chosen]

        def score(picture: Rgb) -> float:
            return min(1.0, sum(one.score(picture) for one in each))

        maps = [one.cam for one in each if one.cam is not None]

        def cam(picture: Rgb) -> Heat:
            return np.asarray(np.sum([one(picture) for one in maps], axis=0), np.float32)

        return Question(
            head=each[0].head,
            label=" + ".join(one.label for one in each),
            name=" + ".join(one.name for one in each),
            network=each[0].network,
            score=score,
            evidence=lambda picture: log_odds(score(picture)),
            cam=cam if len(maps) == len(each) else None,
            checks=each[0].checks,
        )

    def ask(self, rgb: Rgb, head: str | None = None, label: str | None = None) -> Question:
        """A question about a photo.

        Args:
            rgb: uint8 (h, w, 3).
            head: of the describing network, ``frame``, ``cutout`` or ``ready``; by default the category, or the first
                that the network has.
            label: of the head, by id or name; by default what the network itself answers, or finds likeliest.

        Raises:
            ModelError: the network cannot be used.
            UsageError: no such head or label; names the nearest.
        """
        if head == FRAME:
            return self._frame(label)
        if head == CUTOUT:
            return self._cutout(rgb, label)
        if head == READY:
            return self._ready(label)
        return self._described(rgb, self.head_asked(head), label)

    @property
    def describer(self) -> Describer:
        """The describing network.

        Raises:
            ModelError: it cannot be used.
            UsageError: it is ``none``.
        """
        if self._describer is None:
            found = describer(self.settings.describe_model, self.settings)
            if found is None:
                raise UsageError("--model none answers nothing", remedy="`packshot models` lists networks")
            self._describer = found
        return self._describer

    @property
    def cutout_network(self) -> Network:
        """The network that cuts out.

        Raises:
            ModelError: it cannot be used.
        """
        return load(self.settings.model, self.settings, task="segmentation")

    def _head(self, name: str) -> Head:
        heads = {head.name: head for head in self.describer.heads}
        if name not in heads:
            raise UsageError(
                f"{self.describer.network.id} has no question {name!r}",
                remedy=f"ask {', '.join([*heads, FRAME, CUTOUT, READY])}",
            )
        return heads[name]

    def _described(self, rgb: Rgb, name: str, label: str | None) -> Question:
        describe, head = self.describer, self._head(name)
        place = place_of(head, label, describe.network.id) if label is not None else answered_place(describe, rgb, head)
        row = sum(len(other.labels) for other in describe.heads[: describe.heads.index(head)]) + place

        def score(picture: Rgb) -> float:
            return float(describe.read(picture).probabilities(head)[place])

        def cam(picture: Rgb) -> Heat:
            heatmap = describe.read(picture).heatmap(head, head.labels[place])
            assert heatmap is not None  # noqa: S101 - a whole network gives maps
            return heatmap.heat

        return Question(
            head=head.name,
            label=head.labels[place],
            name=head.title(place),
            network=describe.network.id,
            score=score,
            evidence=lambda picture: log_odds(score(picture)),
            cam=cam if describe.whole else None,
            row=row if describe.with_logits else None,
            checks=describe.network.card.checks_of(head.name),
        )

    def _frame(self, label: str | None) -> Question:
        _check_alone(FRAME, label)
        detect = FrameDetector(self.settings.frame_model, self.settings)

        def score(picture: Rgb) -> float:
            return detect(picture).score

        return Question(
            head=FRAME,
            label=_ALONE[FRAME],
            name="a frame",
            network=detect.network.id,
            score=score,
            evidence=lambda picture: log_odds(score(picture)),
            checks=detect.network.card.checks_of(FRAME),
        )

    def _cutout(self, rgb: Rgb, label: str | None) -> Question:
        _check_alone(CUTOUT, label)
        network = self.cutout_network
        own = find_maps(rgb, network).alpha

        def score(picture: Rgb) -> float:
            alpha = find_maps(picture, network).alpha
            if alpha.shape != own.shape:
                alpha = np.asarray(cv2.resize(alpha, (own.shape[1], own.shape[0])), np.float32)
            return float(np.minimum(alpha, own).sum() / max(1e-6, float(np.maximum(alpha, own).sum())))

        return Question(
            head=CUTOUT,
            label=_ALONE[CUTOUT],
            name="the product",
            network=network.id,
            score=score,
            evidence=score,
            checks=network.card.checks_of(CUTOUT),
        )

    def _ready(self, label: str | None) -> Question:
        _check_alone(READY, label)
        network, mask = self.cutout_network, segmenter(self.settings.model, self.settings)

        def score(picture: Rgb) -> float:
            try:
                return 1 - (mask(decode(picture)).ready or 0.0)
            except NothingToCutOut:
                return 1.0

        def error(picture: Rgb) -> Heat:
            found = find_maps(picture, network).error
            return np.zeros((1, 1), np.float32) if found is None else found

        return Question(
            head=READY,
            label=_ALONE[READY],
            name="a review",
            network=network.id,
            score=score,
            evidence=lambda picture: log_odds(score(picture)),
            cam=error,
            checks=network.card.checks_of(READY),
        )


def _check_alone(head: str, label: str | None) -> None:
    if label not in {None, _ALONE[head]}:
        raise UsageError(f"{head} has no label {label!r}", remedy=f"it has {_ALONE[head]} alone: leave --label out")
