"""Fresh overlays every epoch, the same validation and calibration samples after each."""

from __future__ import annotations

from collections.abc import Sequence

import lightning
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from packshot.datasets import Item, Split
from packshot.errors import UsageError
from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD, normalise
from packshot.training.data.loading import leave_signals_alone, of_split
from packshot.training.overlay.drawing.lettering import font_files
from packshot.training.overlay.recipe import OverlayRecipe
from packshot.training.overlay.samples import OverlaySamples, Source

__all__ = ["Normalised", "OverlayData"]

_CALIBRATING = 20  # every so many training photos one is kept for calibration
_TRAINING, _CALIBRATION, _REPORT = range(3)  # words of the seeds

Triple = tuple[Tensor, Tensor, Tensor]


class OverlayData(lightning.LightningDataModule):
    """Loaders of an overlay recipe.

    Args:
        items: of all splits; photos without overlays.
        recipe: size, fonts, seed.

    Raises:
        UsageError: too few photos, or no fonts.
    """

    def __init__(self, items: Sequence[Item], recipe: OverlayRecipe) -> None:
        super().__init__()
        self.recipe, self.fonts = recipe, font_files(recipe.fonts)
        self.photos = {split: [item.photo for item in of_split(items, split)] for split in Split}
        train = self.photos[Split.TRAIN]
        self.calibrating = train[:: min(_CALIBRATING, max(2, len(train) // 2))]
        kept = set(self.calibrating)
        self.training = [photo for photo in train if photo not in kept]
        if recipe.epochs and not (self.training and self.photos[Split.VALIDATION]):
            raise UsageError(
                f"{len(train)} training and {len(self.photos[Split.VALIDATION])} validation pictures",
                remedy="at least two for training and one for validation are needed: give more pictures",
            )
        self._kept: dict[str, Normalised] = {}

    def samples(self, epoch: int) -> Normalised:
        """An epoch's draw."""
        source = Source(self.training, self.fonts, "train", (self.recipe.seed, _TRAINING, epoch))
        return Normalised(OverlaySamples(source, self.recipe, drawn=self.recipe.samples_per_epoch, augment=True))

    def report(self, split: Split) -> Source:
        """The samples that choose, and those that only report."""
        settings = "train" if split is Split.TRAIN else "validation"
        photos = self.training if split is Split.TRAIN else self.photos[split]
        return Source(photos, self.fonts, settings, (self.recipe.seed, _REPORT, list(Split).index(split)))

    def train_dataloader(self) -> DataLoader[object]:
        """This epoch's draw."""
        return self._loader(self.samples(self.trainer.current_epoch if self.trainer else 0))

    def val_dataloader(self) -> list[DataLoader[object]]:
        """Two: the samples that fit the temperature of the score, and those that choose the best weights."""
        recipe = self.recipe
        if not self._kept:
            calibration = Source(self.calibrating, self.fonts, "train", (recipe.seed, _CALIBRATION))
            self._keep("calibration", calibration, recipe.calibration_samples)
            self._keep("validation", self.report(Split.VALIDATION), recipe.validation_samples)
        return [self._loader(kept, workers=0) for kept in self._kept.values()]

    def _keep(self, name: str, source: Source, drawn: int) -> None:
        """Draw once: drawing takes longer than looking."""
        kept: list[Triple] = []
        for seen, overlaid, cells in self._loader(OverlaySamples(source, self.recipe, drawn=drawn, augment=False)):
            kept += zip(seen, overlaid, cells, strict=True)
        self._kept[name] = Normalised(kept)

    def _loader(self, samples: Dataset[Triple], *, workers: int | None = None) -> DataLoader[object]:
        return DataLoader(
            samples,
            batch_size=self.recipe.batch,
            num_workers=self.recipe.workers if workers is None else workers,
            worker_init_fn=leave_signals_alone,
            pin_memory=torch.cuda.is_available(),
        )


class Normalised(Dataset[Triple]):
    """Samples, normalised as in serving: from a data set of bytes, or of batches that were kept.

    Args:
        samples: of uint8 (3, h, w), a label and a map.
    """

    def __init__(self, samples: OverlaySamples | list[Triple]) -> None:
        self.samples = samples

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> Triple:
        seen, overlaid, cells = self.samples[index]
        rgb = seen.numpy().transpose(1, 2, 0)
        return torch.from_numpy(normalise(rgb, mean=IMAGENET_MEAN, std=IMAGENET_STD)), overlaid, cells
