"""Training mix and fixed validation set of the cutout recipe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import lightning
from torch import Tensor
from torch.utils.data import DataLoader

from packshot.counting import counted
from packshot.datasets import Item, Split
from packshot.errors import UsageError
from packshot.training.cutout.mix import CutoutMix, FixedSet, studio_composites, training_scenes
from packshot.training.cutout.recipe import CutoutRecipe
from packshot.training.data.loading import leave_signals_alone
from packshot.training.data.pictures import spread

__all__ = ["CutoutData"]

_WATCHED = 48  # validation photos of a set, spread over it: the curve is drawn often, on a slow processor


class CutoutData(lightning.LightningDataModule):
    """A fresh mix every epoch, the same validation pictures after each.

    Args:
        root: ``PACKSHOT_DATA``, or a folder with ``images/`` and ``masks/``.
        items: of all splits.
        recipe: sizes, shares, seed.
    """

    def __init__(self, root: Path, items: Sequence[Item], recipe: CutoutRecipe) -> None:
        super().__init__()
        self.recipe = recipe
        self.train_items = [i for i in items if i.split is Split.TRAIN]
        self.validation_items = [i for i in items if i.split is Split.VALIDATION and i.source != "studio"]
        if not (self.train_items and self.validation_items):
            raise UsageError(
                f"{root}: {len(self.train_items)} training and "
                f"{counted(len(self.validation_items), 'validation picture')}",
                remedy="at least 3 pictures with masks are needed, of which one is kept for validation",
            )
        sources = {item.source: None for item in self.validation_items}
        by_source = [[i for i in self.validation_items if i.source == source] for source in sources]
        self.validation_items = [item for mine in by_source for item in spread(mine, _WATCHED)]
        self.scenes = training_scenes(root, items, Split.TRAIN)
        self.composites = studio_composites(root, items, Split.VALIDATION, each=3)

    def mix(self, epoch: int) -> CutoutMix:
        """An epoch's draw at that epoch's size."""
        recipe = self.recipe
        return CutoutMix(
            self.train_items,
            self.scenes,
            shares=recipe.shares_for({item.source for item in self.train_items}),
            size=recipe.size_at(epoch),
            length=recipe.samples_per_epoch,
            batch=recipe.batch,
            seed=recipe.seed,
            epoch=epoch,
        )

    def train_dataloader(self) -> DataLoader[tuple[Tensor, ...]]:
        """This epoch's mix."""
        return DataLoader(
            self.mix(self.trainer.current_epoch if self.trainer else 0),
            batch_size=self.recipe.batch,
            num_workers=self.recipe.workers,
            worker_init_fn=leave_signals_alone,
            drop_last=True,
        )

    def val_dataloader(self) -> DataLoader[tuple[Tensor, Tensor, str]]:
        """The fixed validation set at the final size."""
        fixed = FixedSet(self.validation_items, self.composites, size=self.recipe.sizes[-1])
        workers = self.recipe.workers
        return DataLoader(fixed, batch_size=8, num_workers=workers, worker_init_fn=leave_signals_alone)
