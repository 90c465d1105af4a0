"""Which pictures train, which choose, and how they reach the network."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import lightning
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from packshot.counting import counted
from packshot.datasets import Item, Split, Task, open_items
from packshot.errors import UsageError
from packshot.training.data.pictures import spread
from packshot.training.figures.samples import Sample
from packshot.training.recipe import PictureRecipe

__all__ = ["FitData", "leave_signals_alone", "of_sources", "of_split", "picture_items"]

_SHOWN = 32  # pictures that ``samples.png`` is drawn from


class FitData(lightning.LightningDataModule):
    """Loaders of a recipe that fits a network to pictures as they are.

    Args:
        items: of all splits.
        recipe: sizes, augmentation, seed.
        pictures: makes a torch data set of items; an epoch draws their augmentation, None leaves them as they are.
        learnt: the same for what the network learns from, where that is not the pictures themselves: features that
            were kept. They are in this process's memory, so no workers load them.
    """

    def __init__(
        self,
        items: Sequence[Item],
        recipe: PictureRecipe,
        *,
        pictures: Callable[[Sequence[Item], int | None], Dataset[Sample]],
        learnt: Callable[[Sequence[Item], int | None], Dataset[Sample]] | None = None,
    ) -> None:
        super().__init__()
        self.recipe, self.pictures, self._learnt = recipe, pictures, learnt or pictures
        self._workers = 0 if learnt else recipe.workers
        self.train_items = of_split(items, Split.TRAIN)
        self.validation_items = spread(of_split(items, Split.VALIDATION), recipe.max_validation)
        if recipe.epochs and not (self.train_items and self.validation_items):
            raise UsageError(
                f"{len(self.train_items)} training and {counted(len(self.validation_items), 'validation picture')}",
                remedy="at least one of each is needed: give more pictures, or name their splits in a manifest",
            )

    def first_samples(self) -> Dataset[Sample]:
        """A few of the first epoch's samples."""
        return self.pictures(spread(self.train_items, _SHOWN), 0)

    def originals(self) -> Dataset[Sample]:
        """What `first_samples` were before they were changed."""
        return self.pictures(spread(self.train_items, _SHOWN), None)

    def train_dataloader(self) -> DataLoader[object]:
        """This epoch's order and augmentation."""
        epoch = self.trainer.current_epoch if self.trainer else 0
        rng = np.random.default_rng((self.recipe.seed, epoch))
        order = rng.permutation(len(self.train_items))
        wanted = self.recipe.samples_per_epoch or len(order)
        while len(order) < wanted:
            order = np.concatenate([order, rng.permutation(len(self.train_items))])
        drawn = [self.train_items[place] for place in order[:wanted]]
        return self._loader(self._learnt(drawn, epoch))

    def val_dataloader(self) -> DataLoader[object]:
        """The pictures that choose the best weights, as they are."""
        return self._loader(self._learnt(self.validation_items, None))

    def _loader(self, pictures: Dataset[object]) -> DataLoader[object]:
        workers = min(self._workers, len(pictures))  # type: ignore[arg-type]  # it has a length
        return DataLoader(
            pictures,
            batch_size=self.recipe.batch,
            num_workers=workers,
            worker_init_fn=leave_signals_alone,
            pin_memory=torch.cuda.is_available(),
        )


def of_split(items: Sequence[Item], split: Split) -> list[Item]:
    """The items of one split."""
    return [item for item in items if item.split is split]


def picture_items(recipe: PictureRecipe, data: Path, *, task: Task) -> list[Item]:
    """The pictures of a recipe that takes them as they are.

    Args:
        recipe: names the sets, where not all are wanted.
        data: folder, or table.
        task: what must be known of them.

    Raises:
        UsageError: there are none, or not of that kind; or a set the recipe names is not there.
    """
    items = open_items(data, task=task, max_uncertain=recipe.max_uncertain, group=recipe.group)
    return of_sources(items, recipe, data)


def of_sources(items: Sequence[Item], recipe: PictureRecipe, data: Path) -> list[Item]:
    """Those of the sets that a recipe names; all where it names none.

    Args:
        items: of all sets.
        recipe: names the sets.
        data: where they are from, for messages.

    Raises:
        UsageError: a set the recipe names is not there.
    """
    there = {item.source for item in items}
    missing = sorted(set(recipe.sources) - there)
    if missing:
        raise UsageError(
            f"sources: no set {', '.join(missing)} in {data}", remedy=f"there are {', '.join(sorted(there))}"
        )
    return [item for item in items if not recipe.sources or item.source in recipe.sources]


def leave_signals_alone(_worker: int) -> None:
    """For a loader's workers: a signal may reach every process of a group, but the main process decides.

    A worker ends when the main process has closed the loader, or is gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
