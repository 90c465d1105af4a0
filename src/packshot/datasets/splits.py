"""Which picture is for learning, which for choosing, which for the report; never is a group torn apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from packshot.counting import counted
from packshot.datasets.items import Item, Split
from packshot.errors import UsageError

__all__ = ["assign_splits", "folds", "split_named"]

_NAMES = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "val": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "validation": Split.VALIDATION,
    "test": Split.HOLDOUT,
    "holdout": Split.HOLDOUT,
}


def split_named(name: str) -> Split | None:
    """The split a folder or a table means: ``train``, ``val``, ``valid``, ``validation``, ``test`` or ``holdout``."""
    return _NAMES.get(name.strip().lower())


def assign_splits(items: Sequence[Item], *, holdout: bool = True) -> list[Item]:
    """Split by a fixed rule, group by group and class by class.

    Within each class, in the order of names, the second of every ten groups is validation; the first of every ten is
    holdout where there are at least ten. A picture without a group is a group of its own; a group with several classes
    counts for the first.

    Args:
        items: in any order; their splits are not looked at.
        holdout: keep a holdout back; without, only the second of every ten groups is taken from training.

    Returns:
        The same items with their splits, in the same order.
    """
    strata: dict[str | None, list[str]] = defaultdict(list)
    label_of: dict[str, str | None] = {}
    for item in sorted(items, key=lambda item: str(item.photo)):
        label_of.setdefault(_group(item), item.label)
    for group in sorted(label_of):
        strata[label_of[group]].append(group)
    split_of = {}
    for groups in strata.values():
        for place, group in enumerate(groups):
            first = Split.HOLDOUT if holdout and len(groups) >= 10 else Split.TRAIN
            split_of[group] = {0: first, 1: Split.VALIDATION}.get(place % 10, Split.TRAIN)
    return [replace(item, split=split_of[_group(item)]) for item in items]


def complete_splits(items: Sequence[Item]) -> list[Item]:
    """Take validation pictures from training where the data names none; a holdout that is named stays."""
    splits = {item.split for item in items}
    if Split.VALIDATION in splits or Split.TRAIN not in splits:
        return list(items)
    train = assign_splits([i for i in items if i.split is Split.TRAIN], holdout=Split.HOLDOUT not in splits)
    return [*train, *(i for i in items if i.split is not Split.TRAIN)]


def folds(items: Sequence[Item], k: int, *, seed: int) -> list[list[Item]]:
    """Cross-validation: `k` times the same items, each time with another part for validation.

    Training and validation items are dealt anew, group by group, so that every fold gets about as many pictures of each
    class; the holdout stays the holdout. A split published with a set is given up for this, its groups are not.

    Args:
        items: of all splits.
        k: number of folds, from 2.
        seed: another seed deals otherwise.

    Returns:
        `k` lists; every training or validation item is validation in exactly one of them.

    Raises:
        UsageError: fewer than `k` groups.
    """
    members: dict[str, list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda item: str(item.photo)):
        if item.split is not Split.HOLDOUT:
            members[_group(item)].append(item)
    if not 2 <= k <= len(members):
        raise UsageError(
            f"{counted(k, 'fold')} of {counted(len(members), 'group')}: expected 2 folds or more, and a group for each",
            remedy="ask for fewer folds, or bring more pictures",
        )
    names = sorted(members)
    np.random.default_rng(seed).shuffle(names)
    names.sort(key=lambda name: -len(members[name]))  # large groups first, they are the hardest to place
    per_label: list[Counter[str | None]] = [Counter() for _ in range(k)]
    fold_of: dict[str, int] = {}
    for name in names:
        mine = Counter(item.label for item in members[name])
        crowd = [sum(count * dealt[label] for label, count in mine.items()) for dealt in per_label]
        fold = min(range(k), key=lambda i: (crowd[i], per_label[i].total()))
        per_label[fold] += mine
        fold_of[name] = fold
    return [[_dealt(item, fold_of, fold) for item in items] for fold in range(k)]


def _dealt(item: Item, fold_of: dict[str, int], fold: int) -> Item:
    if item.split is Split.HOLDOUT:
        return item
    split = Split.VALIDATION if fold_of[_group(item)] == fold else Split.TRAIN
    return replace(item, split=split, published=False)


def _group(item: Item) -> str:
    # A group is its set's own: sender 7 of one set is not sender 7 of another.
    return f"{item.source}\0group\0{item.group}" if item.group else f"{item.source}\0photo\0{item.photo}"
