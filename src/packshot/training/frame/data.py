"""Fresh frames every epoch, the same validation and calibration samples after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import lightning
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from packshot.datasets import Item, Split
from packshot.errors import UsageError
from packshot.training.data.loading import leave_signals_alone, of_split
from packshot.training.frame.recipe import FrameRecipe
from packshot.training.frame.samples import FRAMED, FrameSamples, NormalisedSamples, Source

__all__ = ["FrameData"]

_CALIBRATING = 20  # every so many training photos one is kept for calibration
_TRAINING, _CALIBRATION, _REPORT = range(3)  # words of the seeds


class FrameData(lightning.LightningDataModule):
    """Loaders of a frame recipe.

    Args:
        items: of all splits; labelled framed or unframed, or not labelled: photos to draw frames around.
        recipe: network, augmentation, seed.
    """

    def __init__(self, items: Sequence[Item], recipe: FrameRecipe) -> None:
        super().__init__()
        self.recipe = recipe
        self.items = {split: of_split(items, split) for split in Split}
        train = self.items[Split.TRAIN]
        self.calibrating = train[:: min(_CALIBRATING, max(2, len(train) // 2))]
        self.training = [item for item in train if item not in set(self.calibrating)]
        if recipe.epochs and not (self.training and self.items[Split.VALIDATION]):
            raise UsageError(
                f"{len(train)} training and {len(self.items[Split.VALIDATION])} validation pictures",
                remedy="at least two for training and one for validation are needed: give more pictures",
            )
        self._kept: dict[str, NormalisedSamples] = {}

    def samples(self, epoch: int) -> NormalisedSamples:
        """An epoch's draw."""
        recipe = self.recipe
        source = replace(
            self._source(self.training, "train", (recipe.seed, _TRAINING, epoch)),
            share_labelled=recipe.share_labelled,
            rectangles=recipe.rectangles,
        )
        return NormalisedSamples(FrameSamples(source, recipe, drawn=recipe.samples_per_epoch, augment=True))

    def report(self, split: Split) -> Source:
        """The samples that choose, and those that only report."""
        settings = "train" if split is Split.TRAIN else "validation"
        items = self.training if split is Split.TRAIN else self.items[split]
        return self._source(items, settings, (self.recipe.seed, _REPORT, list(Split).index(split)))

    def train_dataloader(self) -> DataLoader[object]:
        """This epoch's draw."""
        return self._loader(self.samples(self.trainer.current_epoch if self.trainer else 0))

    def val_dataloader(self) -> list[DataLoader[object]]:
        """Two: the samples that fit the temperature of the score, and those that choose the best weights."""
        recipe = self.recipe
        if not self._kept:
            calibration = self._source(self.calibrating, "train", (recipe.seed, _CALIBRATION))
            self._keep("calibration", calibration, recipe.calibration_samples)
            self._keep("validation", self.report(Split.VALIDATION), recipe.validation_samples)
        return [self._loader(kept, workers=0) for kept in self._kept.values()]

    def _keep(self, name: str, source: Source, drawn: int) -> None:
        """Draw once: drawing takes longer than looking."""
        samples = FrameSamples(source, self.recipe, drawn=drawn, augment=False)
        kept: list[tuple[Tensor, Tensor]] = []
        for seen, targets in self._loader(samples):
            kept += zip(seen, targets, strict=True)
        self._kept[name] = NormalisedSamples(kept)

    def _source(self, items: Sequence[Item], settings: str, seed: tuple[int, ...]) -> Source:
        photos = [item.photo for item in items if item.label != FRAMED] if self.recipe.draw == "auto" else []
        return Source(photos, [item for item in items if item.label], settings, seed)

    def _loader(self, samples: Dataset[object], *, workers: int | None = None) -> DataLoader[object]:
        return DataLoader(
            samples,
            batch_size=self.recipe.batch,
            num_workers=self.recipe.workers if workers is None else workers,
            worker_init_fn=leave_signals_alone,
            pin_memory=torch.cuda.is_available(),
        )
