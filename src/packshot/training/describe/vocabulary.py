"""What a describing network learns to say: its heads, and what each of them should have said of a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Described, Split, tag_names
from packshot.description.taxonomy import Taxonomy, load_taxonomy
from packshot.errors import UsageError
from packshot.heads import Head, HeadKind
from packshot.training.describe.recipe import DescribeRecipe

__all__ = ["CATEGORY", "NOTHING", "TAGS", "Vocabulary", "heads_for", "taxonomy_of"]

CATEGORY, TAGS = "category", "tags"

#: Label of a tree that means "none of these".
NOTHING = "nothing"


class Vocabulary:
    """Heads and targets.

    A target is a vector over the labels of all heads: 1 for what is true, 0 for what competes with it, nan for what
    nobody knows.

    Args:
        heads: in the order of the network's logits.
        taxonomy: of the category head; None without one.
    """

    def __init__(self, heads: Sequence[Head], taxonomy: Taxonomy | None) -> None:
        self.heads, self.taxonomy = tuple(heads), taxonomy
        self.places = {(head.name, label): place for head in heads for place, label in enumerate(head.labels)}
        starts = np.cumsum([0, *(len(head.labels) for head in heads)])
        self.slices = {head.name: slice(int(a), int(b)) for head, a, b in zip(heads, starts, starts[1:], strict=False)}

    def __len__(self) -> int:
        return sum(len(head.labels) for head in self.heads)

    def target(self, item: Described) -> NDArray[np.float32]:
        """What the heads should say of a picture: float32 (labels,) of 0, 1 and nan.

        Raises:
            UsageError: its category is not in the tree, or a label is unknown to its head.
        """
        target = np.full(len(self), np.nan, np.float32)
        for head in self.heads:
            part = target[self.slices[head.name]]
            if head.kind is HeadKind.TREE:
                if item.category is not None and self.taxonomy is not None:
                    self._mark(head, part, self.taxonomy.lookup(item.category).id)
            elif head.kind is HeadKind.TAGS:
                if item.tags is not None:
                    part[:] = [label in item.tags for label in head.labels]
            elif (value := item.attributes.get(head.name)) is not None:
                if value not in head.labels:
                    raise UsageError(
                        f"{item.photo}: {head.name} is {value!r}, which no training picture has",
                        remedy=f"known are {', '.join(head.labels[:8])}; correct it, or give training pictures of it",
                    )
                part[:] = 0
                part[head.labels.index(value)] = 1
        return target

    def nothing(self) -> NDArray[np.float32]:
        """What the heads should say where there is no product; attributes stay unknown."""
        target = np.full(len(self), np.nan, np.float32)
        for head in self.heads:
            part = target[self.slices[head.name]]
            if head.kind is HeadKind.TREE:
                self._mark(head, part, NOTHING)
            elif head.kind is HeadKind.TAGS:
                part[:] = 0
        return target

    @staticmethod
    def _mark(head: Head, part: NDArray[np.float32], label: str) -> None:
        for place in head.way(head.labels.index(label)):
            siblings = [i for i, parent in enumerate(head.parents) if parent == head.parents[place]]
            part[siblings] = 0
            part[place] = 1


def heads_for(recipe: DescribeRecipe, items: Sequence[Described]) -> Vocabulary:
    """The heads a recipe asks for, with the labels of the training pictures or of the tree.

    Raises:
        UsageError: an attribute with one value only, a value with one picture only, no tags, a category that is not
            in the tree, or no such tree.
    """
    heads: list[Head] = []
    taxonomy = taxonomy_of(recipe)
    learnt = [item for item in items if item.split is Split.TRAIN]
    if taxonomy is not None:
        heads.append(_tree(taxonomy, recipe))
    for name in recipe.attributes:
        heads.append(_attribute(name, items, learnt, taxonomy))
    if recipe.tags:
        names = tag_names(learnt)
        if not names:
            raise UsageError("no training picture has tags", remedy="--set tags=false")
        ignored = tuple(name for name in recipe.not_products if name in names)
        heads.append(Head(name=TAGS, kind=HeadKind.TAGS, labels=names, ignored=ignored))
    vocabulary = Vocabulary(heads, taxonomy)
    for item in items:
        vocabulary.target(item)  # a label that does not fit is named before anything is trained
    return vocabulary


def taxonomy_of(recipe: DescribeRecipe) -> Taxonomy | None:
    """The tree a recipe names; None without one.

    Raises:
        UsageError: no such taxonomy.
    """
    return load_taxonomy(recipe.taxonomy) if recipe.taxonomy else None


def _tree(taxonomy: Taxonomy, recipe: DescribeRecipe) -> Head:
    categories = taxonomy.descendants()
    places = {category.id: place for place, category in enumerate(categories)}
    parents = [-1 if category.parent_id is None else places[category.parent_id] for category in categories]
    return Head(
        name=CATEGORY,
        kind=HeadKind.TREE,
        labels=(*places, NOTHING),
        names=(*(category.name for category in categories), "Nothing recognised"),
        parents=(*parents, -1),
        nothing=NOTHING,
        ignored=tuple(name for name in recipe.not_products if name in places),
    )


def _attribute(name: str, items: Sequence[Described], learnt: Sequence[Described], taxonomy: Taxonomy | None) -> Head:
    seen = Counter(item.attributes[name] for item in learnt if name in item.attributes)
    if len(seen) < 2:
        there = next(iter(seen), "none")
        raise UsageError(
            f"{name}: the training pictures have one value only ({there})", remedy="give pictures of at least two"
        )
    alone = [
        value
        for value, count in Counter(i.attributes[name] for i in items if name in i.attributes).items()
        if count < 2
    ]
    if alone:
        raise UsageError(
            f"{name}: one picture only of {', '.join(sorted(alone)[:5])}",
            remedy="give each value at least two pictures, one to learn and one to check, or leave it out",
        )
    return Head(
        name=name, kind=HeadKind.CHOICE, labels=tuple(sorted(seen)), categories=_categories_with(name, learnt, taxonomy)
    )


def _categories_with(name: str, learnt: Sequence[Described], taxonomy: Taxonomy | None) -> tuple[str, ...]:
    """Topmost categories of the pictures that say an attribute; none where nobody says a category: it may be of any."""
    said = {item.category for item in learnt if name in item.attributes and item.category is not None}
    if taxonomy is None:
        return ()
    return tuple(sorted({taxonomy.path(taxonomy.lookup(category).id)[0].id for category in said}))
