"""A tree learnt from a few photos of each category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.description.own_tree.cross_validation import CrossValidation, cross_validated
from packshot.description.own_tree.placing import placed
from packshot.description.own_tree.prototypes import Prototypes, fit_prototypes, unit_length
from packshot.description.taxonomy import Taxonomy
from packshot.heads import Head, HeadKind, answer, answer_path, calibrated, head_probabilities, with_thresholds
from packshot.values import CATEGORY, Description

__all__ = ["LearntTree", "Share", "learn_tree", "node_logits"]

Numbers = NDArray[np.float32]

_STRANGE = 0.05  # share of the examples that may be less like their tree than what is still familiar
_STEPS = 60  # of the search for a scale


@dataclass(frozen=True, slots=True)
class Share:
    """What becomes of the examples at one precision, by cross-validation.

    Attributes:
        precision: asked for.
        answered: share that got any answer, 0..1.
        whole: share that was answered down to the leaf.
        right: of the answers, the share that is right: the true leaf or one above it; 1 where none was given.
    """

    precision: float
    answered: float
    whole: float
    right: float

    def row(self) -> dict[str, float]:
        """The shares as plain JSON values."""
        return {name: round(getattr(self, name), 4) for name in ("answered", "whole", "right")}


@dataclass(frozen=True, slots=True, eq=False)
class LearntTree:
    """A shop's tree, and the rule that puts photos into it.

    Attributes:
        tree: the shop's.
        head: its categories with calibration and thresholds; learnt leaves and those above them.
        leaves: ids of the learnt leaves, in the order of the rule.
        rule: tells the leaves apart.
        scale: of the rule's scores, so that their softmax is a probability.
        familiar_from: cosine with the nearest prototype from which on a photo is like the examples.
        model: name and hash of the network whose features it reads.
        photos: how many it learnt from.
        folds: of the cross-validation.
        accuracy: by cross-validation, share of photos whose likeliest leaf is right, 0..1.
    """

    tree: Taxonomy
    head: Head
    leaves: tuple[str, ...]
    rule: Prototypes
    scale: float
    familiar_from: float
    model: str
    photos: int
    folds: int
    accuracy: float

    def place(self, description: Description, features: Numbers, *, precision: float) -> Description:
        """The description with its category as the examples teach it, and what the tree says beside it.

        Args:
            description: as the network gave it.
            features: float32 (d,), the mean of the network's last feature map.
            precision: wanted of what is said.

        Raises:
            UsageError: there are no thresholds for the precision.
        """
        row = unit_length(features[None])
        head = with_thresholds(self.head, precision=precision)
        chances = head_probabilities(head, node_logits(head, self.leaves, self.rule.scores(row) * self.scale))[0]
        familiar = bool(self.rule.likeness(row)[0] >= self.familiar_from)
        return placed(description, answer(head, chances, precision=precision), tree=self.tree, familiar=familiar)

    def shares(self, validation: CrossValidation) -> list[Share]:
        """What becomes of the examples at each precision there are thresholds for.

        Args:
            validation: of `learn_tree`.
        """
        found = head_probabilities(self.head, node_logits(self.head, self.leaves, validation.scores * self.scale))
        shares = []
        for key in self.head.thresholds:
            ways = [answer_path(self.head, row, precision=float(key)) for row in found]
            ends = [self.head.labels[way[-1]] for way in ways if way]
            truths = [self.leaves[place] for way, place in zip(ways, validation.places, strict=True) if way]
            hits = [end in {node.id for node in self.tree.path(leaf)} for end, leaf in zip(ends, truths, strict=True)]
            shares.append(
                Share(
                    precision=float(key),
                    answered=len(ends) / len(ways),
                    whole=sum(end in self.leaves for end in ends) / len(ways),
                    right=sum(hits) / len(hits) if hits else 1.0,
                )
            )
        return shares


def learn_tree(
    features: Numbers,
    labels: Sequence[str],
    tree: Taxonomy,
    *,
    model: str,
    mirrored: Numbers | None = None,
) -> tuple[LearntTree, CrossValidation]:
    """Learn from examples: prototypes, probabilities, thresholds, and from where on a photo is like none of them.

    Temperature and thresholds come from the cross-validation, so that they hold for photos it did not learn from.

    Args:
        features: float32 (n, d), of each photo the mean of the network's last feature map.
        labels: of each photo the id of its leaf; two photos or more of each, two leaves or more.
        tree: the shop's.
        model: name and hash of the network.
        mirrored: float32 (n, d), of the mirrored photos, to learn from, too.

    Returns:
        The tree, and the cross-validation with its rows in the order of the photos.

    Raises:
        ValueError: fewer examples, or a label that is no leaf of the tree.
    """
    leaves = tuple(leaf.id for leaf in tree.leaves() if leaf.id in set(labels))
    strange = sorted(set(labels) - set(leaves))
    if strange or len(leaves) < 2 or any(labels.count(leaf) < 2 for leaf in leaves):
        raise ValueError(f"labels: expected two photos or more of two leaves or more, got {strange or sorted(labels)}")
    places = [leaves.index(label) for label in labels]
    rows = unit_length(features if mirrored is None else np.concatenate([features, mirrored]))
    views = {len(labels) + number: number for number in range(len(rows) - len(labels))}
    validation = cross_validated(rows, places, views=views)
    head = _head(tree, leaves)
    scale = _scale(validation)
    logits = node_logits(head, leaves, validation.scores * scale)
    truth = np.zeros((len(labels), len(head.labels)), np.float32)
    for row, label in enumerate(labels):
        truth[row, list(head.way(head.labels.index(label)))] = 1
    learnt = LearntTree(
        tree=tree,
        head=calibrated(head, logits, truth),
        leaves=leaves,
        rule=fit_prototypes(rows, [*places, *(places[views[row]] for row in views)], count=len(leaves)),
        scale=scale,
        familiar_from=float(np.quantile(validation.likeness, _STRANGE)),
        model=model,
        photos=len(labels),
        folds=validation.folds,
        accuracy=validation.accuracy,
    )
    return learnt, validation


def node_logits(head: Head, leaves: Sequence[str], scores: Numbers) -> Numbers:
    """Logits of all nodes: an inner one's is the logarithm of the sum over its leaves, so that chances add up.

    Args:
        head: of the tree.
        leaves: ids, in the order of `scores`.
        scores: float32 (n, leaves).
    """
    places = {label: place for place, label in enumerate(head.labels)}
    ways = [head.way(places[leaf]) for leaf in leaves]
    columns = np.repeat(np.arange(len(leaves)), [len(way) for way in ways])
    found = np.full((len(head.labels), len(scores)), -np.inf)
    np.logaddexp.at(found, np.concatenate(ways), scores.T[columns])
    return np.asarray(found.T, np.float32)


def _head(tree: Taxonomy, leaves: Sequence[str]) -> Head:
    wanted = {node.id for leaf in leaves for node in tree.path(leaf)}
    nodes = [node for node in tree.descendants() if node.id in wanted]
    places = {node.id: place for place, node in enumerate(nodes)}
    return Head(
        name=CATEGORY,
        kind=HeadKind.TREE,
        labels=tuple(places),
        names=tuple(node.name for node in nodes),
        parents=tuple(-1 if node.parent_id is None else places[node.parent_id] for node in nodes),
    )


def _scale(validation: CrossValidation) -> float:
    """The factor of the least cross-entropy, by golden section over its logarithm."""
    scores = np.asarray(validation.scores, np.float64)
    rows = np.arange(len(scores))

    def cost(exponent: float) -> float:
        raised = scores * 2.0**exponent
        raised -= raised.max(axis=1, keepdims=True)
        return float((np.log(np.exp(raised).sum(axis=1)) - raised[rows, validation.places]).mean())

    ratio = (np.sqrt(5) - 1) / 2
    low, high = -20.0, 20.0
    for _ in range(_STEPS):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if cost(left) < cost(right) else (left, high)
    return float(2 ** ((low + high) / 2))
