"""Pairs of views to learn from, and the validation pictures as they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import lightning
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from packshot.counting import counted
from packshot.datasets import Described, Split, grocery_scenes, public_items
from packshot.errors import UsageError
from packshot.runtime.preprocessing import LITE_MEAN, LITE_STD, normalise, resize
from packshot.training.data.backgrounds import Backgrounds, pick
from packshot.training.data.loading import leave_signals_alone, of_split
from packshot.training.describe.recipe import DescribeRecipe
from packshot.training.describe.views import Views
from packshot.training.describe.vocabulary import Vocabulary

__all__ = ["DescribeData", "DescribedPictures", "Pairs"]

_NOTHING = "nothing"
_NO_PRODUCT = -1


class Pairs(Dataset[tuple[Tensor, Tensor, int, int]]):
    """Two views of a sample, its target, its product and its identity; a sample depends on seed, epoch and place alone.

    Args:
        items: training pictures.
        vocabulary: makes the targets.
        views: draws the views.
        products: number of each product that has one.
        recipe: shares, samples, seed.
        epoch: of the run.
    """

    def __init__(
        self,
        items: Sequence[Described],
        vocabulary: Vocabulary,
        views: Views,
        *,
        products: dict[str, int],
        recipe: DescribeRecipe,
        epoch: int,
    ) -> None:
        self.vocabulary, self.views, self.products = vocabulary, views, products
        self.recipe, self.epoch = recipe, epoch
        self.by_source = {
            name: [item for item in items if item.source == name] for name in {item.source for item in items}
        }
        shares = recipe.shares_for(set(self.by_source))
        self.names = sorted(shares)
        total = sum(shares.values())
        self.shares = [shares[name] / total for name in self.names]
        self.numbers = {(item.photo, item.part): number for number, item in enumerate(items)}

    def __len__(self) -> int:
        return self.recipe.samples_per_epoch

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, int, int]:
        rng = np.random.default_rng((self.recipe.seed, self.epoch, index))
        name = self.names[int(rng.choice(len(self.names), p=self.shares))]
        if name == _NOTHING:
            views = [self.views.empty(rng) for _ in range(2)]
            target, product, identity = self.vocabulary.nothing(), _NO_PRODUCT, -1 - index
        else:
            item = pick(rng, self.by_source[name])
            views = [self.views.of(item, rng) for _ in range(2)]  # type: ignore[arg-type]
            target = self.vocabulary.target(item)  # type: ignore[arg-type]
            product = self.products.get(item.product or "", _NO_PRODUCT)  # type: ignore[attr-defined]
            identity = self.numbers[item.photo, item.part]  # type: ignore[attr-defined]
        pixels = np.stack([normalise(view, mean=LITE_MEAN, std=LITE_STD) for view in views])
        return torch.from_numpy(pixels), torch.from_numpy(target), product, identity


class DescribedPictures(Dataset[tuple[Tensor, Tensor, int]]):
    """Pictures as serving shows them to the network, their targets, and their places among the items.

    Args:
        items: to look at.
        vocabulary: makes the targets.
        size: side of the square in pixels.
    """

    def __init__(self, items: Sequence[Described], vocabulary: Vocabulary, *, size: int) -> None:
        self.items, self.vocabulary, self.size = list(items), vocabulary, size

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, int]:
        item = self.items[index]
        rgb = resize(item.rgb(), size=(self.size, self.size))
        target: NDArray[np.float32] = self.vocabulary.target(item)
        return torch.from_numpy(normalise(rgb, mean=LITE_MEAN, std=LITE_STD)), torch.from_numpy(target), index


class DescribeData(lightning.LightningDataModule):
    """Loaders of a describing recipe.

    Args:
        root: the data, whose rooms and streets make backgrounds where they are the public sets.
        items: of all splits.
        recipe: sizes, shares, seed.
        vocabulary: makes the targets.
    """

    def __init__(self, root: Path, items: Sequence[Described], recipe: DescribeRecipe, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.recipe, self.vocabulary = recipe, vocabulary
        self.train_items: list[Described] = of_split(items, Split.TRAIN)  # type: ignore[assignment]
        choosing = of_split(items, Split.VALIDATION)
        if recipe.total_epochs and not (self.train_items and choosing):
            raise UsageError(
                f"{len(self.train_items)} training and {counted(len(choosing), 'validation picture')}",
                remedy="at least one of each is needed: give more pictures, or name their splits in a manifest",
            )
        # Studio pictures are what photos of their products are found among; they are learnt from as well.
        self.validation_items: list[Described] = [*choosing, *(i for i in self.train_items if i.source == "studio")]  # type: ignore[list-item]
        names = sorted({item.product for item in self.train_items if item.product})
        self.products = {name: number for number, name in enumerate(names)}
        masked = [i for i in self.train_items if i.kind is not None]
        public = [i for i in public_items(root) if i.split is Split.TRAIN] if root.is_dir() else []
        self.backgrounds = Backgrounds(
            rooms=[i for i in masked if i.source == "clothing"] or [i for i in public if i.source == "clothing"],
            streets=[i for i in public if i.source == "ccp"],
            scenes=grocery_scenes(root, Split.TRAIN),
        )

    def pairs(self, epoch: int) -> Pairs:
        """An epoch's draw at that epoch's size."""
        recipe = self.recipe
        size = recipe.size_at(epoch)
        views = Views(self.backgrounds, size=size, recomposed=recipe.recomposed, on_white=recipe.on_white)
        return Pairs(self.train_items, self.vocabulary, views, products=self.products, recipe=recipe, epoch=epoch)

    def train_dataloader(self) -> DataLoader[tuple[Tensor, Tensor, int, int]]:
        """This epoch's pairs."""
        return DataLoader(
            self.pairs(self.trainer.current_epoch if self.trainer else 0),
            batch_size=self.recipe.batch,
            num_workers=self.recipe.workers,
            worker_init_fn=leave_signals_alone,
            drop_last=self.recipe.samples_per_epoch >= self.recipe.batch,
        )

    def val_dataloader(self) -> DataLoader[tuple[Tensor, Tensor, int]]:
        """The pictures that choose the best weights, as they are."""
        pictures = DescribedPictures(self.validation_items, self.vocabulary, size=self.recipe.sizes[-1])
        workers = self.recipe.workers
        return DataLoader(pictures, batch_size=16, num_workers=workers, worker_init_fn=leave_signals_alone)
