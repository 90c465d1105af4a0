"""Splits and folds keep groups whole, classes balanced and the holdout untouched."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.datasets import Item, Split, assign_splits, folds
from packshot.errors import UsageError


def items_of(*described: tuple[str | None, str | None], split: Split = Split.TRAIN) -> list[Item]:
    return [
        Item("shop", split, Path(f"{place:04}.jpg"), label=label, group=group)
        for place, (label, group) in enumerate(described)
    ]


GROUPS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", "z", "u", "v", None])), min_size=6)


@given(GROUPS)
def test_a_group_is_never_torn_apart(described: list[tuple[str | None, str | None]]) -> None:
    items = items_of(*described)
    split = assign_splits(items)
    assert [item.photo for item in split] == [item.photo for item in items]
    splits = {(item.group, item.split) for item in split if item.group}
    assert len(splits) == len({group for group, _ in splits})
    assert assign_splits(items[::-1])[::-1] == split  # the order they come in does not matter


@given(GROUPS, st.integers(2, 4), st.integers(0, 9))
def test_every_picture_is_validation_once(described: list[tuple[str | None, str | None]], k: int, seed: int) -> None:
    items = items_of(*described) + items_of(("a", "holdout"), split=Split.HOLDOUT)
    if len({(group or place) for place, (_, group) in enumerate(described)}) < k:
        return
    found = folds(items, k, seed=seed)
    assert len(found) == k
    times = Counter(item.photo for fold in found for item in fold if item.split is Split.VALIDATION)
    assert set(times.values()) == {1}
    for fold in found:
        assert fold[-1] == items[-1]
        assert [item.photo for item in fold] == [item.photo for item in items]
        splits = {(item.group, item.split) for item in fold if item.group}
        assert len(splits) == len({group for group, _ in splits})


def test_folds_balance_classes() -> None:
    items = items_of(*[("rare", None)] * 10, *[("common", None)] * 50)
    for fold in folds(items, 5, seed=1):
        assert Counter(i.label for i in fold if i.split is Split.VALIDATION) == {"rare": 2, "common": 10}


def test_another_seed_deals_otherwise_and_the_same_seed_the_same() -> None:
    items = items_of(*[("a", None)] * 40)
    assert folds(items, 4, seed=1) == folds(items, 4, seed=1)
    assert folds(items, 4, seed=1) != folds(items, 4, seed=2)


@pytest.mark.parametrize("k", [0, 1, 4])
def test_more_folds_than_groups_are_refused(k: int) -> None:
    with pytest.raises(UsageError, match=f"{k} folds? of 3 groups"):
        folds(items_of(("a", "x"), ("a", "y"), ("a", "z"), ("a", "z")), k, seed=0)
