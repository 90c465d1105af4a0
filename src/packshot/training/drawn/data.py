"""Fresh pictures every epoch, the same validation and calibration samples after each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

import lightning
import torch
from torch.utils.data import DataLoader, Dataset

from packshot.counting import counted
from packshot.datasets import Item, Split
from packshot.errors import UsageError
from packshot.training.data.loading import leave_signals_alone, of_split
from packshot.training.drawn.recipe import DrawnRecipe
from packshot.training.drawn.samples import DrawnSamples, DrawnSource, NormalisedSamples, Tensors

__all__ = ["DrawnData"]

_CALIBRATING = 20  # every so many training photos one is kept for calibration
_TRAINING, _CALIBRATION, _REPORT = range(3)  # words of the seeds

Picture = TypeVar("Picture")


class DrawnData(lightning.LightningDataModule, ABC, Generic[Picture]):
    """Loaders of a recipe whose pictures are drawn; a task says what is drawn (`source`), and as what it is seen.

    Args:
        items: of all splits.
        recipe: how many samples, and the seed.

    Attributes:
        sampling: what makes samples of drawn pictures.

    Raises:
        UsageError: too few photos.
    """

    sampling: type[DrawnSamples[Picture]]

    def __init__(self, items: Sequence[Item], recipe: DrawnRecipe) -> None:
        super().__init__()
        self.recipe = recipe
        self.items = {split: of_split(items, split) for split in Split}
        train = self.items[Split.TRAIN]
        self.calibrating = train[:: min(_CALIBRATING, max(2, len(train) // 2))]
        kept = {item.photo for item in self.calibrating}
        self.training = [item for item in train if item.photo not in kept]
        if recipe.epochs and not (self.training and self.items[Split.VALIDATION]):
            raise UsageError(
                f"{len(train)} training and {counted(len(self.items[Split.VALIDATION]), 'validation picture')}",
                remedy="at least two for training and one for validation are needed: give more pictures",
            )
        self._kept: list[NormalisedSamples] = []

    @abstractmethod
    def source(
        self, items: Sequence[Item], settings: str, seed: tuple[int, ...], *, learnt: bool = False
    ) -> DrawnSource[Picture]:
        """Where pictures of some items come from.

        Args:
            items: of one split.
            settings: of the generator, ``train`` or ``validation``.
            seed: with the place, all a drawn picture depends on.
            learnt: whether the network learns from them.
        """

    def samples(self, epoch: int) -> NormalisedSamples:
        """An epoch's draw."""
        source = self.source(self.training, "train", (self.recipe.seed, _TRAINING, epoch), learnt=True)
        return NormalisedSamples(self.sampling(source, self.recipe, drawn=self.recipe.samples_per_epoch, augment=True))

    def report(self, split: Split) -> DrawnSource[Picture]:
        """The pictures that choose, and those that only report."""
        settings = "train" if split is Split.TRAIN else "validation"
        items = self.training if split is Split.TRAIN else self.items[split]
        return self.source(items, settings, (self.recipe.seed, _REPORT, list(Split).index(split)))

    def train_dataloader(self) -> DataLoader[Tensors]:
        """This epoch's draw."""
        return self._loader(self.samples(self.trainer.current_epoch if self.trainer else 0))

    def val_dataloader(self) -> list[DataLoader[Tensors]]:
        """Two: the samples that fit the temperature of the score, and those that choose the best weights."""
        recipe = self.recipe
        if not self._kept:
            calibration = self.source(self.calibrating, "train", (recipe.seed, _CALIBRATION))
            self._kept = [
                self._drawn_once(calibration, recipe.calibration_samples),
                self._drawn_once(self.report(Split.VALIDATION), recipe.validation_samples),
            ]
        return [self._loader(kept, workers=0) for kept in self._kept]

    def _drawn_once(self, source: DrawnSource[Picture], drawn: int) -> NormalisedSamples:
        """Kept in memory: drawing takes longer than looking."""
        kept: list[Tensors] = []
        for batch in self._loader(self.sampling(source, self.recipe, drawn=drawn, augment=False)):
            kept += zip(*batch, strict=True)
        return NormalisedSamples(kept)

    def _loader(self, samples: Dataset[Tensors], *, workers: int | None = None) -> DataLoader[Tensors]:
        return DataLoader(
            samples,
            batch_size=self.recipe.batch,
            num_workers=self.recipe.workers if workers is None else workers,
            worker_init_fn=leave_signals_alone,
            pin_memory=torch.cuda.is_available(),
        )
