"""What a network answers of a photo: the way down a tree, one of several choices, or tags; and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from packshot.values.arrays import check_fraction

__all__ = ["Answer", "Attribute", "Choice"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One label, and how likely it is.

    Attributes:
        label: a category's id, an attribute's value or a tag, as data has it.
        name: to show a person.
        score: 0..1, calibrated probability.
    """

    label: str
    name: str
    score: float

    def __post_init__(self) -> None:
        check_fraction("Choice.score", self.score)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one head of a network says of a photo.

    Attributes:
        head: its name: ``category``, ``tags``, or an attribute's.
        path: from the top of a tree down to the deepest category that is sure enough, each with its own score; of
            other heads the one value, or the likeliest tag, that is sure enough. Empty where nothing was recognised.
        top: the likeliest labels, sure enough or not, likeliest first; of a tree its leaves, named by their whole path,
            ``Apparel > Tops > T-Shirt``.
        precision: asked for, 0..1: of answers like this one, the share that should be right.
        sure: whether the answer is a full one, down to a leaf. If not, what is missing was not sure enough, or there
            is nothing to recognise.
        uncertainty: 0 (sure) .. 1 (hopeless): what the likeliest full answer, "nothing" among them, lacks of
            probability 1; of tags, what the least decided one lacks.
        chances: label to its calibrated probability, 0..1, of every label; a parent's is the sum of its children's.
        seen: where the answer was mapped onto a shop's own tree, what is sure in the network's own
            words, named by its whole path.
    """

    head: str
    path: tuple[Choice, ...]
    top: tuple[Choice, ...]
    precision: float
    sure: bool
    uncertainty: float
    chances: Mapping[str, float] = field(default_factory=dict, repr=False)
    seen: Choice | None = None

    def __post_init__(self) -> None:
        check_fraction("Answer.precision", self.precision)
        check_fraction("Answer.uncertainty", self.uncertainty)
        if self.sure and not self.path:
            raise ValueError("Answer.sure: expected a path to be sure of, got an empty one")

    @property
    def best(self) -> Choice | None:
        """The deepest category that is sure enough, or the value, or the tag; None where nothing was recognised."""
        return self.path[-1] if self.path else None

    @property
    def score(self) -> float:
        """Of `best`; 0 where nothing was recognised."""
        return self.path[-1].score if self.path else 0.0


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a product, or one tag of a photo.

    Attributes:
        name: the head that says so: ``kids``, ``tags``.
        value: ``yes``, or the tag.
        score: 0..1, calibrated probability.
        sure: whether the score passes at the precision asked for; tags that do not are not listed at all.
        tag: whether it is one of any number of tags that `name` may say, and not its only value.
    """

    name: str
    value: str
    score: float
    sure: bool = True
    tag: bool = False

    def __post_init__(self) -> None:
        check_fraction("Attribute.score", self.score)
