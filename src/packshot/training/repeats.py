"""How often an epoch shows a photo."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.counting import counted
from packshot.datasets import Item, Split
from packshot.training.recipe import Recipe

__all__ = ["repeats_note"]

_OFTEN = 4  # times that an epoch shows a photo, from which on it is worth a word
_FEWEST = 64  # samples an epoch: several batches of any recipe


def repeats_note(recipe: Recipe, items: Sequence[Item]) -> str:
    """A line for a person where an epoch draws many samples from few photos; empty where it does not.

    Args:
        recipe: says how many samples an epoch draws.
        items: of all splits.
    """
    learnt = sum(item.split is Split.TRAIN for item in items)
    drawn = recipe.drawn_per_epoch
    if not learnt or drawn <= _OFTEN * learnt:
        return ""
    fewer = max(_FEWEST, 2 * learnt)
    advice = f"; for shorter epochs: --set samples_per_epoch={fewer}" if fewer < drawn else ""
    times = f"each about {drawn / learnt:.0f} times{advice}"
    return f"an epoch draws {drawn:,} samples from {counted(learnt, 'training photo')}, {times}"
