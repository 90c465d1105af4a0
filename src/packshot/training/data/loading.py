"""Which pictures train, which choose, and how they reach the network."""

from __future__ import annotations

import signal
from collections.abc import Sequence

import lightning
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from packshot.datasets import Item, Split
from packshot.errors import UsageError
from packshot.training.data.pictures import ClassifiedPictures, MaskedPictures, spread
from packshot.training.recipe import ClassificationRecipe, PictureRecipe

__all__ = ["FitData", "leave_signals_alone", "of_split"]


class FitData(lightning.LightningDataModule):
    """Loaders of a segmentation or classification recipe.

    Args:
        items: of all splits.
        recipe: sizes, augmentation, seed.
        labels: the classes in the order of their numbers; empty for segmentation.
        multiple: height and width of the input divide by it.
    """

    def __init__(self, items: Sequence[Item], recipe: PictureRecipe, *, labels: Sequence[str], multiple: int) -> None:
        super().__init__()
        self.recipe, self.labels, self.multiple = recipe, list(labels), multiple
        self.train_items = of_split(items, Split.TRAIN)
        self.validation_items = spread(of_split(items, Split.VALIDATION), recipe.max_validation)
        if recipe.epochs and not (self.train_items and self.validation_items):
            raise UsageError(
                f"{len(self.train_items)} training and {len(self.validation_items)} validation pictures",
                remedy="at least one of each is needed: give more pictures, or name their splits in a manifest",
            )

    def pictures(self, items: Sequence[Item], epoch: int | None) -> MaskedPictures | ClassifiedPictures:
        """The items as a torch data set; `epoch` draws their augmentation, None leaves them as they are."""
        if isinstance(self.recipe, ClassificationRecipe):
            return ClassifiedPictures(items, self.recipe, labels=self.labels, multiple=self.multiple, epoch=epoch)
        return MaskedPictures(items, self.recipe, multiple=self.multiple, epoch=epoch)

    def train_dataloader(self) -> DataLoader[object]:
        """This epoch's order and augmentation."""
        epoch = self.trainer.current_epoch if self.trainer else 0
        rng = np.random.default_rng((self.recipe.seed, epoch))
        order = rng.permutation(len(self.train_items))
        wanted = self.recipe.samples_per_epoch or len(order)
        while len(order) < wanted:
            order = np.concatenate([order, rng.permutation(len(self.train_items))])
        drawn = [self.train_items[place] for place in order[:wanted]]
        return self._loader(self.pictures(drawn, epoch))

    def val_dataloader(self) -> DataLoader[object]:
        """The pictures that choose the best weights, as they are."""
        return self._loader(self.pictures(self.validation_items, None))

    def _loader(self, pictures: Dataset[object]) -> DataLoader[object]:
        workers = min(self.recipe.workers, len(pictures))  # type: ignore[arg-type]  # it has a length
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


def leave_signals_alone(_worker: int) -> None:
    """For a loader's workers: Ctrl-C reaches every process of the terminal, but the main process decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
