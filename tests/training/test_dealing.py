"""Which pictures train and which choose, where a recipe says how many tenths."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.datasets import Item, Split
from packshot.errors import UsageError
from packshot.training.classification.dealing import deal_tenths

pytestmark = pytest.mark.train


def test_seven_to_three_is_dealt_by_class_and_by_group() -> None:
    items = [
        Item(
            "shop",
            Split.HOLDOUT if place < 10 else Split.TRAIN,
            Path(f"{label}{place}"),
            label=label,
            group=f"{label}{place // 2}",
        )
        for label, count in (("a", 70), ("b", 50))
        for place in range(count)
    ]
    dealt = deal_tenths(items, 3, seed=7)
    assert [i.photo for i in dealt] == [i.photo for i in items]
    assert [i.photo for i in dealt if i.split is Split.HOLDOUT] == [i.photo for i in items if i.split is Split.HOLDOUT]
    for label, there in (("a", 60), ("b", 40)):
        mine = [i for i in dealt if i.label == label and i.split is not Split.HOLDOUT]
        assert len(mine) == there
        assert sum(i.split is Split.VALIDATION for i in mine) == pytest.approx(0.3 * there, abs=2)
    splits: dict[str | None, set[Split]] = {}
    for item in dealt:
        splits.setdefault(item.group, set()).add(item.split)
    assert all(len(found) == 1 for found in splits.values())
    assert deal_tenths(items, 0, seed=7) == items
    with pytest.raises(UsageError, match=r"too few pictures to deal out .*10 folds of.* --set validation_tenths=0"):
        deal_tenths(items[10:14], 3, seed=7)
