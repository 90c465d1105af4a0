"""How good a classification along a tree is: a near miss costs less than a far one, and stopping early is an answer.

A path names the nodes from the top of the tree down to the answer, ``("food", "fruit", "apple")``. The root itself,
which all paths share, is not named: it would be right on every photo and flatter every score. A predicted path that
stops early answers with a parent; the empty path answers nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.evaluation.confidence import bootstrap_interval, resampled_interval
from packshot.evaluation.confusions import ClassScore, Confusion, class_table, frequent_confusions
from packshot.evaluation.scoring import Figure

__all__ = ["HierarchyScore", "LevelScore", "NodePath", "score_paths", "tree_distance"]

#: Node ids from the top of the tree down, without the root.
NodePath = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class LevelScore:
    """How good the answers are at one level of the tree.

    Attributes:
        level: 1 is the top.
        support: photos whose true path reaches it.
        accuracy: share of them whose predicted path is right down to here; one that stopped above is not, 0..1.
        answered: share of them whose predicted path reaches it, 0..1.
    """

    level: int
    support: int
    accuracy: Figure
    answered: float


@dataclass(frozen=True, slots=True)
class HierarchyScore:
    """How good the answers are along the tree; every figure with its 95 % bootstrap interval, the photo as unit.

    Attributes:
        photos: scored.
        exact: share whose node is the true one, 0..1.
        cautious: share that stopped at a parent of the true node: right, but less than could be said, 0..1.
        precision: hierarchical precision, 0..1: share of the predicted nodes, parents included, that are true.
        recall: hierarchical recall, 0..1: share of the true nodes, parents included, that were predicted.
        f: hierarchical F, 0..1: harmonic mean of both.
        distance: mean edges between the predicted and the true node, over all photos.
        severity: the same over those that are not exact, cautious ones included; None if all are.
        levels: from the top down.
        classes: a row for each node that is the end of a path; an empty prediction is None.
        confusions: the most frequent, likewise.
    """

    photos: int
    exact: Figure
    cautious: float
    precision: Figure
    recall: Figure
    f: Figure
    distance: Figure
    severity: Figure | None
    levels: tuple[LevelScore, ...]
    classes: tuple[ClassScore, ...]
    confusions: tuple[Confusion, ...]


def tree_distance(a: NodePath, b: NodePath) -> int:
    """Edges on the way from one node to another, through the node where their paths part.

    Example:
        >>> tree_distance(["food", "fruit", "apple"], ["food", "fruit", "pear"])
        2
        >>> tree_distance(["food", "fruit", "apple"], ["food", "fruit"])
        1
    """
    return len(a) + len(b) - 2 * _shared(a, b)


def score_paths(true: Sequence[NodePath], pred: Sequence[NodePath]) -> HierarchyScore:
    """Score predicted paths against true ones.

    Hierarchical precision, recall and F are those of Kiritchenko, Matwin, Nock and Famili 2006 (Learning and evaluation
    in the presence of class hierarchies): nodes are counted over all photos together, the root left out. Precision is 0
    if nothing was predicted at all.

    Args:
        true: n paths, none empty, n >= 1; one may end at an inner node.
        pred: n paths; may stop early, be empty, or go deeper than the true one.

    Raises:
        ValueError: the rows differ in length, a true path is empty, or the paths do not come from one tree.

    Example:
        >>> score = score_paths([["food", "fruit"], ["food", "bread"]], [["food", "fruit"], ["food"]])
        >>> score.exact.value, score.cautious, score.precision.value, score.recall.value
        (0.5, 0.5, 1.0, 0.75)
    """
    if len(true) != len(pred) or not true:
        raise ValueError(f"paths: expected two equally long rows, at least one path, got {len(true)} and {len(pred)}")
    _check_tree(true, pred)
    shared = np.array([_shared(a, b) for a, b in zip(true, pred, strict=True)])
    long, deep = np.array([len(path) for path in true]), np.array([len(path) for path in pred])
    distance = (long + deep - 2 * shared).astype(np.float64)
    exact = distance == 0
    ends = [path[-1] for path in true], [path[-1] if path else None for path in pred]
    return HierarchyScore(
        photos=len(true),
        exact=_mean(exact),
        cautious=float(np.mean((shared == deep) & (deep < long))),
        precision=_ratio(shared, deep),
        recall=_ratio(shared, long),
        f=_ratio(2 * shared, deep + long),  # 2PR / (P + R) with both of one numerator
        distance=_mean(distance),
        severity=None if exact.all() else _mean(distance[~exact]),
        levels=tuple(_level(level, long, deep, shared) for level in range(1, int(long.max()) + 1)),
        classes=class_table(*ends),
        confusions=frequent_confusions(*ends),
    )


def _shared(a: NodePath, b: NodePath) -> int:
    parted = (place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y)
    return next(parted, min(len(a), len(b)))


def _level(level: int, long: NDArray[np.int64], deep: NDArray[np.int64], shared: NDArray[np.int64]) -> LevelScore:
    reaching = long >= level
    return LevelScore(
        level=level,
        support=int(reaching.sum()),
        accuracy=_mean(shared[reaching] >= level),
        answered=float(np.mean(deep[reaching] >= level)),
    )


def _mean(values: NDArray[np.float64] | NDArray[np.bool_]) -> Figure:
    figures = values.astype(np.float64)
    return Figure(float(figures.mean()), *bootstrap_interval(figures))


def _ratio(above: NDArray[np.int64], below: NDArray[np.int64]) -> Figure:
    def of(pick: NDArray[np.int64] | slice[None, None, None]) -> float:
        return float(above[pick].sum() / max(1, below[pick].sum()))

    return Figure(of(slice(None)), *resampled_interval(of, above.size))


def _check_tree(true: Sequence[NodePath], pred: Sequence[NodePath]) -> None:
    parents: dict[Hashable, Hashable] = {}
    for place, path in enumerate([*true, *pred]):
        if isinstance(path, str | bytes):
            raise ValueError(f"paths: expected sequences of node ids, got {path!r}")
        if not path and place < len(true):
            raise ValueError(f"paths: expected true paths of at least one node, got an empty one at {place}")
        for parent, node in zip([None, *path], path, strict=False):
            if node is None:
                raise ValueError(f"paths: expected node ids, got None in {list(path)!r}")
            known = parents.setdefault(node, parent)
            if known != parent:
                raise ValueError(
                    f"paths: expected one tree, but {node!r} stands below {_name(known)} and below {_name(parent)}"
                )


def _name(parent: Hashable) -> str:
    return "the root" if parent is None else repr(parent)
