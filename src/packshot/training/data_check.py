"""Every picture is looked at before the first is learnt from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from packshot.datasets import Item, check_items
from packshot.training.recipe import Recipe
from packshot.training.registry import task_of
from packshot.training.repeats import repeats_note
from packshot.training.run_lock import is_further_process

__all__ = ["check_before_training", "goes_on"]


def goes_on(run: Path) -> bool:
    """Whether the pictures were looked at before: a run that was interrupted, or a further process of the same one."""
    if is_further_process():
        return True
    return any((run / name).exists() for name in ("last.ckpt", "fold-1/last.ckpt"))


def check_before_training(recipe: Recipe, items: Sequence[Item], *, progress: Callable[[], None]) -> Iterator[str]:
    """Look at the pictures of a recipe: what was found, then how often an epoch shows each where they are few.

    Args:
        recipe: says what they are for.
        items: the pictures.
        progress: called for each.

    Raises:
        UsageError: something must be mended first; it is told before.
    """
    report = check_items(items, task_of(recipe).checked_as, progress=progress)
    yield str(report)
    report.raise_for_errors()
    if note := repeats_note(recipe, items):
        yield note
