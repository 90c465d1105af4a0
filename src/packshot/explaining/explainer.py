"""One answer explained, of photo after photo, by one method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from packshot.cutout import Evidence, ready_evidence, segmenter
from packshot.explaining.answering import READY
from packshot.explaining.explain import Explanation, explain
from packshot.explaining.fitting import methods_of, refuse_unfit
from packshot.explaining.methods import Maps, method_for
from packshot.explaining.product import product_alpha
from packshot.explaining.questions import Questions
from packshot.explaining.sanity import sanity_words
from packshot.settings import Settings
from packshot.values import Photo

__all__ = ["Explained", "Explainer"]


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """What there is to say of one photo.

    Attributes:
        explanation: the map, and how true it is.
        evidence: everything the rule of ready masks looked at, where that was the question.
    """

    explanation: Explanation
    evidence: tuple[Evidence, ...] = ()

    def row(self) -> dict[str, object]:
        """As JSON has it, without the picture."""
        return self.explanation.row() | {"evidence": [each.row() for each in self.evidence]}

    @property
    def notes(self) -> tuple[str, ...]:
        """For a person: what has to be known of the method, and what speaks against the mask."""
        warning = sanity_words(self.explanation.method, self.explanation.check, head=self.explanation.question.head)
        return tuple(filter(None, [warning, *(each.words for each in self.evidence if each.speaks_against)]))


class Explainer:
    """Explains an answer; networks are loaded when it is made.

    Args:
        settings: networks, provider, threads.
        method: name of one, see `packshot.explaining.methods`; None for the first that the answer can have: a
            class-activation map where the network gives one, else occlusion.
        head: that answers, as for `Questions.ask`.
        labels: that the map is to speak for, together; none for what the network answers.
        layer: whose activations a gradient method weighs; None for the last feature map.
        gradients: makes the maps of gradient methods, see `method_for`; None where the extra ``train`` is missing.
        truth: whether to measure deletion and insertion, 42 passes of the network.

    Attributes:
        method: its name.

    Raises:
        ModelError: a network cannot be used.
        UsageError: no such method, layer, head or label, or a method that this question cannot have.
    """

    def __init__(
        self,
        settings: Settings,
        method: str | None,
        *,
        head: str | None = None,
        labels: Sequence[str] = (),
        layer: str | None = None,
        gradients: Callable[[Questions], Callable[[str, str | None], Maps] | None] = lambda _: None,
        truth: bool = True,
    ) -> None:
        self._head, self._labels, self._truth = head, labels, truth
        self._questions = Questions(settings)
        self._questions.check(head, self._labels)
        self.method = method or methods_of(self._questions, head, self._labels)[0]
        refuse_unfit(self._questions, self.method, head, self._labels)
        self._map = method_for(self.method, layer, maker=gradients(self._questions))
        self._mask = segmenter(settings.model, settings)

    def __call__(self, photo: Photo) -> Explained:
        """Explain the answer about a photo.

        Raises:
            UsageError: the network cannot be asked in this way.
            NothingToCutOut: there is no product, and whether its mask is ready was asked.
        """
        ready = self._head == READY
        # Of a photo in which nothing is found that is the answer to why it is not ready.
        alpha = self._mask(photo).alpha if ready else product_alpha(self._mask, photo)
        ask = self._questions
        question = (
            ask.ask_for_sum(photo.rgb, self._head, self._labels) if self._labels else ask.ask(photo.rgb, self._head)
        )
        found = explain(photo.rgb, question, self._map, name=self.method, alpha=alpha, truth=self._truth)
        if not ready or alpha is None:
            return Explained(found)
        return Explained(found, tuple(ready_evidence(photo, alpha, ask.cutout_network)))
