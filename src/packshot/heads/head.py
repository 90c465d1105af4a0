"""One head of a network that describes photos: its labels, how they go together, and what it was calibrated to."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["Head", "HeadKind"]

_ROOT = -1  # parent of the topmost labels


class HeadKind(StrEnum):
    """How the labels of a head go together."""

    #: Categories of a tree: of the children of each node one is true.
    TREE = "tree"
    #: One of all labels is true.
    CHOICE = "choice"
    #: Any number of labels is true.
    TAGS = "tags"


class Head(BaseModel):
    """One head of a network, as its card describes it.

    Attributes:
        name: ``category``, ``tags``, or the attribute's name.
        kind: how its labels go together.
        labels: in the order of the logits; a tree's are the ids of its categories, parents before their children.
        names: to show a person, as many; empty for the labels themselves.
        parents: of a tree: the place of each label's parent in `labels`, -1 at the top.
        nothing: of a tree: the topmost label that means "none of these"; it is never part of an answer.
        ignored: labels that are no products: ``skin``.
        categories: of an attribute: ids of the categories that have it, with all below them; empty for every category.
        temperature: divides the logits; fitted after training (Guo et al. 2017).
        thresholds: wanted precision (``"0.95"``) to the probabilities from which on an answer has it: one for each
            depth of a tree, one for a choice, one for each tag. A threshold above 1 is never reached.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    kind: HeadKind
    labels: tuple[str, ...] = Field(min_length=1)
    names: tuple[str, ...] = ()
    parents: tuple[int, ...] = ()
    nothing: str | None = None
    ignored: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    temperature: float = Field(default=1.0, gt=0)
    thresholds: Mapping[str, tuple[float, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        count = len(self.labels)
        if len(set(self.labels)) != count:
            raise ValueError(f"labels of {self.name}: expected each once")
        if self.names and len(self.names) != count:
            raise ValueError(f"names of {self.name}: expected {count}, got {len(self.names)}")
        if len(self.parents) != (count if self.kind is HeadKind.TREE else 0):
            raise ValueError(f"parents of {self.name}: expected one for each label of a tree, got {len(self.parents)}")
        if any(not _ROOT <= parent < place for place, parent in enumerate(self.parents)):
            raise ValueError(f"parents of {self.name}: expected each before its children, or {_ROOT}")
        if self.nothing is not None and self.nothing not in self.labels:
            raise ValueError(f"nothing of {self.name}: no label {self.nothing!r}")
        wanted = {HeadKind.TREE: self.depth, HeadKind.CHOICE: 1, HeadKind.TAGS: count}[self.kind]
        for precision, thresholds in self.thresholds.items():
            if len(thresholds) != wanted:
                raise ValueError(f"thresholds of {self.name} at {precision}: expected {wanted}, got {len(thresholds)}")
        return self

    @property
    def depths(self) -> tuple[int, ...]:
        """How far each label lies below the top, from 0; all 0 without a tree."""
        depths: list[int] = []
        for parent in self.parents or (_ROOT,) * len(self.labels):
            depths.append(0 if parent == _ROOT else depths[parent] + 1)
        return tuple(depths)

    @property
    def depth(self) -> int:
        """How many levels there are."""
        return max(self.depths) + 1

    @property
    def families(self) -> tuple[tuple[int, ...], ...]:
        """Places of the labels that compete: the siblings of a tree, all of a choice, each tag alone."""
        if self.kind is HeadKind.TAGS:
            return tuple((place,) for place in range(len(self.labels)))
        parents = self.parents or (_ROOT,) * len(self.labels)
        return tuple(tuple(i for i, p in enumerate(parents) if p == parent) for parent in sorted(set(parents)))

    @functools.cached_property
    def leaves(self) -> tuple[int, ...]:
        """Places of the labels without children: of a tree the deepest categories, else all; never "none of these"."""
        inner = set(self.parents)
        return tuple(p for p, label in enumerate(self.labels) if p not in inner and label != self.nothing)

    def way(self, place: int) -> tuple[int, ...]:
        """Places of a label's ancestors from the top down, itself last."""
        way = [place]
        while self.parents and self.parents[way[-1]] != _ROOT:
            way.append(self.parents[way[-1]])
        return tuple(reversed(way))

    def title(self, place: int) -> str:
        """What to call a label before a person."""
        return self.names[place] if self.names else self.labels[place]
