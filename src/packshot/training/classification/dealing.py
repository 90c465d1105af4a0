"""Dealing training and validation pictures anew, as a published system split its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from packshot.datasets import Item, Split, folds
from packshot.errors import UsageError

__all__ = ["deal_tenths"]


def deal_tenths(items: Sequence[Item], tenths: int, *, seed: int) -> list[Item]:
    """Give so many tenths of the training and validation pictures to validation.

    Groups stay together, every class is dealt about evenly, and the holdout stays the holdout: the validation parts of
    so many out of ten folds.

    Args:
        items: of all splits, at least ten groups.
        tenths: 0 leaves the splits as they are.
        seed: another seed deals otherwise.

    Raises:
        UsageError: fewer than ten groups of training and validation pictures.
    """
    if not tenths:
        return list(items)
    try:
        parts = folds(items, 10, seed=seed)[:tenths]
    except UsageError as error:
        raise UsageError(
            f"too few pictures to deal out a validation part ({error.message})",
            remedy="bring more, or leave the splits as they are: --set validation_tenths=0",
        ) from error
    return [
        replace(row[0], split=Split.VALIDATION if any(item.split is Split.VALIDATION for item in row) else row[0].split)
        for row in zip(*parts, strict=True)
    ]
