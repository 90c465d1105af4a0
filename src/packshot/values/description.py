"""What is in a photo, where, and how sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.values.answer import Answer, Attribute
from packshot.values.arrays import ROUNDING, check_array, check_fraction
from packshot.values.box import Box

__all__ = ["CATEGORY", "Description", "Heatmap", "Product"]

#: The head whose answer is the photo's category.
CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Product:
    """One thing in a photo; a pair of shoes may be two of them.

    Attributes:
        label: the category's id, or the tag.
        name: to show a person.
        score: 0..1, calibrated probability that the photo has such a thing; boxes of one label share it.
        box: where, in the photo's pixels.
    """

    label: str
    name: str
    score: float
    box: Box

    def __post_init__(self) -> None:
        check_fraction("Product.score", self.score)


@dataclass(frozen=True, slots=True, eq=False)
class Heatmap:
    """Where a network saw a label.

    Attributes:
        head: that has the label.
        label: the category's id, the attribute's value or the tag.
        name: to show a person.
        score: 0..1, calibrated probability of the label.
        heat: float32 (h, w) in 0..1, as wide and high as the photo asks for but at most 192 pixels a side: the map is
            no finer than that. `packshot.explanation.resized` brings it to the photo's size.
    """

    head: str
    label: str
    name: str
    score: float
    heat: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_fraction("Heatmap.score", self.score)
        check_array("Heatmap.heat", self.heat, dtype=np.float32, channels=None)
        if not (self.heat.min() >= -ROUNDING and self.heat.max() <= 1 + ROUNDING):
            raise ValueError(f"Heatmap.heat: expected 0..1, got {self.heat.min()}..{self.heat.max()}")


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """What is in a photo, where, and how sure.

    Attributes:
        answers: of each head, in the card's order.
        attributes: the value of each head but the category, and every tag that is sure enough, likeliest first.
        products: what was found, the category first, then tags, likeliest first.
        heatmaps: of every label that was answered: the deepest category, values that are sure, tags.
        embedding: float32 (d,) of length 1; comparable with those of the same `model` only. None where the network
            gives none.
        model: name and hash of the network, ``describe@1f2e3d4c``.
        known: the chance that the photo shows a kind of product the network was taught, 0..1; None where nobody fitted
            that to it.
        familiar: whether that chance is high enough. If not, nothing is said of the photo but its embedding.
    """

    answers: tuple[Answer, ...]
    attributes: tuple[Attribute, ...]
    products: tuple[Product, ...]
    heatmaps: tuple[Heatmap, ...]
    embedding: NDArray[np.float32] | None
    model: str
    known: float | None = None
    familiar: bool = True

    def __post_init__(self) -> None:
        if self.known is not None:
            check_fraction("Description.known", self.known)
        vector = self.embedding
        if vector is None:
            return
        if vector.dtype != np.float32 or vector.ndim != 1 or not vector.size or not np.isfinite(vector).all():
            raise ValueError(f"Description.embedding: expected finite float32 (d,), got {vector.dtype} {vector.shape}")

    @property
    def category(self) -> Answer | None:
        """The category; None if the network has no such head."""
        return self.answer(CATEGORY)

    @property
    def uncertainty(self) -> float:
        """0 (sure) .. 1 (hopeless): of the category, or of the least certain head; 1 where there is no head at all."""
        category = self.category
        return category.uncertainty if category else max((said.uncertainty for said in self.answers), default=1.0)

    def answer(self, head: str) -> Answer | None:
        """What a head says; None if the network has no such head."""
        return next((answer for answer in self.answers if answer.head == head), None)
