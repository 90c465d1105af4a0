"""What a network gave for one photo, and all that follows from it: answers, heatmaps, boxes.

The one way from a network's outputs to words and pictures: `Describer` gives what was answered, and evaluation asks for
other labels too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from packshot.description.applying import applies
from packshot.description.known import known_chance, silenced
from packshot.description.products import Sighting, each_once
from packshot.errors import UsageError
from packshot.explanation import (
    HOT,
    WARM,
    above_average,
    activation_maps,
    contrasted,
    hot_boxes,
    place_maps,
    positive,
    resized,
    working_size,
)
from packshot.heads import Head, HeadKind, answer, answered_places, head_probabilities
from packshot.runtime import KnownRule
from packshot.runtime.preprocessing import resize
from packshot.values import CATEGORY, Alpha, Answer, Attribute, Box, Description, Heatmap, Mask, Product, Rgb

__all__ = ["Constants", "Reading"]

Numbers = NDArray[np.float32]

_LIKELY = 0.3  # from here on a tag competes for places, answered or not, a product or skin


@dataclass(frozen=True, slots=True, eq=False)
class Constants:
    """What a network gives that is the same for all photos, and how it is asked.

    Attributes:
        model: name and hash of the network.
        heads: of its card, with thresholds for `precision`.
        precision: share of answers that should be right, 0..1.
        weights: float32 (labels, c), of all heads; None of a network without class-activation maps.
        positions: float32 (tags, 12), of networks that know where tags are; None without.
        known: whether a photo shows a kind the network was taught; None without such a rule.
    """

    model: str
    heads: tuple[Head, ...]
    precision: float
    weights: Numbers | None
    positions: Numbers | None
    known: KnownRule | None

    def row(self, head: Head) -> int:
        """Number of the head's first label among the labels of all heads."""
        return sum(len(other.labels) for other in self.heads[: self.heads.index(head)])

    def evidence(self, head: Head, place: int) -> Numbers:
        """What the features are weighed with: float32 (c,); of tags, which do not compete, the label's row."""
        assert self.weights is not None  # noqa: S101 - asked of networks with maps alone
        first = self.row(head)
        if head.kind is HeadKind.TAGS:
            return np.asarray(self.weights[first + place], np.float32)
        return np.asarray(above_average(self.weights[first : first + len(head.labels)], [place])[0], np.float32)


@dataclass(frozen=True, slots=True)
class _Label:
    """A label of a head: its place there, and its probability in 0..1."""

    head: Head
    place: int
    score: float

    @property
    def label(self) -> str:
        return self.head.labels[self.place]

    @property
    def name(self) -> str:
        return self.head.title(self.place)


class Reading:
    """A network's outputs for one photo.

    Args:
        constants: of the network.
        rgb: uint8 (h, w, 3), the photo.
        outputs: ``logits`` (1, labels) and, where the network has them, ``embedding`` (1, d), ``features``
            (1, c, h', w') and ``places`` (1, tags, h'', w''), all float32.
        mask: where the product is, the size of the photo; cleans heatmaps and boxes.
    """

    def __init__(
        self, constants: Constants, rgb: Rgb, outputs: Mapping[str, Numbers], *, mask: Mask | None = None
    ) -> None:
        self.constants, self.rgb, self.mask = constants, rgb, mask
        self._outputs = outputs
        self._probabilities: dict[str, Numbers] = {}

    @cached_property
    def known(self) -> float | None:
        """The chance that the photo shows a kind the network was taught, 0..1; None where its card has no rule."""
        rule = self.constants.known
        return None if rule is None else known_chance(self._outputs["features"][0], rule)

    @property
    def pooled(self) -> Numbers:
        """The mean of the last feature map, from which all heads read: float32 (c,).

        Raises:
            UsageError: the network gives no features.
        """
        if "features" not in self._outputs:
            raise UsageError(
                f"{self.constants.model} gives probabilities alone, no features to learn from",
                remedy="take describe, or a classifier that ends in a mean over the photo: vgg16-cam, tiny",
            )
        return np.asarray(self._outputs["features"][0].mean(axis=(1, 2)), np.float32)

    @property
    def familiar(self) -> bool:
        """Whether that chance is high enough; True without a rule."""
        rule = self.constants.known
        return rule is None or self.known is None or self.known >= rule.threshold

    def probabilities(self, head: Head) -> Numbers:
        """Calibrated probabilities of a head's labels: float32 (labels,), 0..1."""
        if head.name not in self._probabilities:
            first = self.constants.row(head)
            logits = self._outputs["logits"][:, first : first + len(head.labels)]
            self._probabilities[head.name] = head_probabilities(head, logits)[0]
        return self._probabilities[head.name]

    def answer(self, head: Head) -> Answer:
        """What a head says, whether or not the photo is familiar."""
        return answer(head, self.probabilities(head), precision=self.constants.precision)

    def said(self, head: Head) -> tuple[str, ...]:
        """Labels of a head that are sure enough, parents included, whether or not the photo is familiar."""
        held = answered_places(head, self.probabilities(head), precision=self.constants.precision)
        return tuple(head.labels[place] for place in held)

    def heatmap(self, head: Head, label: str) -> Heatmap | None:
        """Where a label was seen; of an answered one the same map as in `description`.

        Args:
            head: of the network.
            label: of the head, answered or not.

        Returns:
            At the working size of the photo, at most 192 pixels a side; None of a network without maps.
        """
        if self.constants.weights is None:
            return None
        if (head.name, label) in self._answered_maps:
            return self._answered_maps[head.name, label]
        place = head.labels.index(label)
        return self._maps([_Label(head, place, float(self.probabilities(head)[place]))])[0]

    def description(self) -> Description:
        """What is in the photo, where, and how sure; of an unfamiliar photo nothing but its embedding."""
        answers = tuple(self.answer(head) for head in self.constants.heads)
        said = tuple(each if each.head in self._asked else silenced((each,))[0] for each in answers)
        labels = self._answered if self.familiar else []
        heatmaps = tuple(self._answered_maps.values()) if self.familiar else ()
        return Description(
            answers=said if self.familiar else silenced(answers),
            attributes=tuple(self._attributes(answers)) if self.familiar else (),
            products=self._products(labels, heatmaps),
            heatmaps=heatmaps,
            embedding=self._outputs["embedding"][0] if "embedding" in self._outputs else None,
            model=self.constants.model,
            known=self.known,
            familiar=self.familiar,
        )

    @cached_property
    def _asked(self) -> frozenset[str]:
        """Names of the heads that say anything of this product."""
        tree = next((head for head in self.constants.heads if head.name == CATEGORY), None)
        categories = None if tree is None else self.said(tree)
        return frozenset(head.name for head in self.constants.heads if applies(head, categories))

    @cached_property
    def _answered(self) -> list[_Label]:
        """The deepest category, values that are sure, and tags."""
        found = []
        for head in (head for head in self.constants.heads if head.name in self._asked):
            probabilities = self.probabilities(head)
            held = answered_places(head, probabilities, precision=self.constants.precision)
            chosen = held if head.kind is HeadKind.TAGS else held[-1:]
            found += [_Label(head, place, float(probabilities[place])) for place in chosen]
        return found

    @cached_property
    def _answered_maps(self) -> dict[tuple[str, str], Heatmap]:
        labels = self._answered if self.constants.weights is not None else []
        return {(each.head.name, each.label): heat for each, heat in zip(labels, self._maps(labels), strict=True)}

    @cached_property
    def _competing(self) -> list[int]:
        """Tags that compete for the places of the photo."""
        found: set[int] = set()
        for head in self.constants.heads:
            if head.kind is HeadKind.TAGS:
                found |= set(np.flatnonzero(self.probabilities(head) >= _LIKELY).tolist())
                found |= {label.place for label in self._answered if label.head is head}
        return sorted(found)

    def _maps(self, labels: Sequence[_Label]) -> list[Heatmap]:
        if self.constants.weights is None:
            return []
        size = working_size((self.rgb.shape[1], self.rgb.shape[0]))
        alpha = None if self.mask is None else _reduced(self.mask.alpha, size=size)
        rows = [self.constants.evidence(label.head, label.place) for label in labels]
        features = self._outputs["features"][0]
        maps = [positive(each) for each in activation_maps(np.stack(rows), features)] if rows else []
        if self.constants.positions is not None:
            tags = [at for at, label in enumerate(labels) if label.head.kind is HeadKind.TAGS]
            found = place_maps(
                self._outputs["places"][0],
                self.constants.positions,
                shown=[labels[at].place for at in tags],
                among=self._competing,
                rgb=self.rgb,
                alpha=alpha,
            )
            for at, heat in zip(tags, found, strict=True):
                maps[at] = contrasted(heat)
        return [
            Heatmap(
                head=label.head.name,
                label=label.label,
                name=label.name,
                score=label.score,
                heat=resized(each, size=size, alpha=alpha),
            )
            for label, each in zip(labels, maps, strict=True)
        ]

    def _attributes(self, answers: Sequence[Answer]) -> list[Attribute]:
        found = []
        for head, said in zip(self.constants.heads, answers, strict=True):
            if head.kind is HeadKind.TAGS:
                mine = [label for label in self._answered if label.head is head]
                found += [Attribute(head.name, label.label, label.score, tag=True) for label in mine]
            elif head.name != CATEGORY and head.name in self._asked:
                value = said.best or next(iter(said.top), None)
                if value is not None:
                    found.append(Attribute(head.name, value.label, value.score, sure=said.best is not None))
        return found

    def _products(self, labels: Sequence[_Label], heatmaps: Sequence[Heatmap]) -> tuple[Product, ...]:
        """Of the category and the tags; an attribute such as "for kids" is no thing that has a place of its own."""
        if self.constants.weights is None:  # without maps nobody knows where
            return ()
        size = (self.rgb.shape[1], self.rgb.shape[0])
        within = Box(0, 0, *size) if self.mask is None else self.mask.box()
        if within is None:
            return ()
        pairs = zip(labels, heatmaps, strict=True)
        found = sorted(pairs, key=lambda pair: (pair[0].head.name != CATEGORY, -pair[0].score))
        sightings = [
            Sighting(
                product=Product(label.label, label.name, label.score, box),
                names=tuple(label.head.title(place) for place in label.head.way(label.place)),
            )
            for label, heatmap in found
            if label.head.name == CATEGORY or label.head.kind is HeadKind.TAGS
            for box in hot_boxes(heatmap.heat, size=size, within=within, hot=self._hot(label))
        ]
        return each_once(sightings)

    def _hot(self, label: _Label) -> float:
        """From which share of a map's maximum on it is hot: places of tags are made for another one."""
        placed = label.head.kind is HeadKind.TAGS and self.constants.positions is not None
        return HOT if placed else WARM


def _reduced(alpha: Alpha, *, size: tuple[int, int]) -> Alpha:
    """A mask at the size of the heatmaps; of a large one not every pixel is looked at, to save time."""
    step = max(1, max(alpha.shape) // (2 * max(size)))
    return resize(np.ascontiguousarray(alpha[::step, ::step]), size=size)
