"""Train a recipe: data, loop, checkpoints, resume."""

from __future__ import annotations

from pathlib import Path

import lightning
import torch
from lightning.pytorch.callbacks import EMAWeightAveraging, LearningRateMonitor, ModelCheckpoint
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from torch import Tensor
from torch.utils.data import DataLoader

from packshot.datasets import Split, open_items, pseudo_items
from packshot.errors import UsageError
from packshot.training.data.cutout_mix import (
    CutoutMix,
    FixedSet,
    studio_composites,
    training_composer,
)
from packshot.training.recipe import CutoutRecipe
from packshot.training.tasks.segmentation import Segmentation

__all__ = ["CutoutData", "train_cutout"]

_EMA_EVERY = 4  # steps; averaging each one costs as much as the optimiser on a CPU


class CutoutData(lightning.LightningDataModule):
    """Training mix and fixed validation set of the cutout recipe.

    Args:
        root: ``PACKSHOT_DATA``, or a folder with ``images/`` and ``masks/``.
        recipe: sizes, shares, seed.
    """

    def __init__(self, root: Path, recipe: CutoutRecipe) -> None:
        super().__init__()
        self.recipe = recipe
        items = open_items(root, task="segmentation", max_uncertain=recipe.max_uncertain)
        if recipe.pseudo_masks:
            photos, masks = root / "ccp" / "photos", Path(recipe.pseudo_masks)
            items += pseudo_items(photos, masks, labelled=items, max_uncertain=recipe.max_uncertain)
        self.train_items = [i for i in items if i.split is Split.TRAIN]
        self.validation_items = [i for i in items if i.split is Split.VALIDATION and i.source != "studio"]
        if not (self.train_items and self.validation_items):
            raise UsageError(
                f"{root}: {len(self.train_items)} training and {len(self.validation_items)} validation pictures",
                remedy="at least 3 pictures with masks are needed, of which one is kept for validation",
            )
        self.composer = training_composer(root, items, Split.TRAIN)
        self.composites = studio_composites(root, items, Split.VALIDATION, each=4)

    def train_dataloader(self) -> DataLoader[tuple[Tensor, Tensor]]:
        """This epoch's draw at this epoch's size."""
        recipe = self.recipe
        epoch = self.trainer.current_epoch if self.trainer else 0
        mix = CutoutMix(
            self.train_items,
            self.composer,
            shares=recipe.shares_for({item.source for item in self.train_items}),
            size=recipe.size_at(epoch),
            length=recipe.samples_per_epoch,
            seed=recipe.seed,
            epoch=epoch,
        )
        return DataLoader(mix, batch_size=recipe.batch, num_workers=recipe.workers, drop_last=True)

    def val_dataloader(self) -> DataLoader[tuple[Tensor, Tensor, str]]:
        """The fixed validation set at the final size."""
        fixed = FixedSet(self.validation_items, self.composites, size=self.recipe.sizes[-1])
        return DataLoader(fixed, batch_size=8, num_workers=self.recipe.workers)


def train_cutout(recipe: CutoutRecipe, *, data: Path, run: Path, threads: int = 2) -> Path:
    """Train, or resume a run that was interrupted.

    Args:
        recipe: the settings.
        data: ``PACKSHOT_DATA``, or a folder with ``images/`` and ``masks/``.
        run: folder for checkpoints and logs.
        threads: of the computation on a CPU.

    Returns:
        Path of the last checkpoint, whose weights are the exponential moving average.
    """
    torch.set_num_threads(threads)
    lightning.seed_everything(recipe.seed, workers=True)
    run.mkdir(parents=True, exist_ok=True)
    (run / "recipe.json").write_text(recipe.model_dump_json(indent=2))
    module = Segmentation(
        learning_rate=recipe.learning_rate,
        encoder_rate=recipe.encoder_rate,
        weight_decay=recipe.weight_decay,
        total_steps=recipe.total_epochs * (recipe.samples_per_epoch // recipe.batch),
        warmup_steps=recipe.warmup_steps,
        pretrained=recipe.pretrained,
    ).to(memory_format=torch.channels_last)
    last = run / "last.ckpt"
    if recipe.start_from and not last.exists():
        checkpoint = torch.load(recipe.start_from, map_location="cpu", weights_only=False)
        module.load_state_dict(checkpoint["state_dict"])
    checkpoints = ModelCheckpoint(
        run, filename="{epoch:02d}", monitor="validation/iou", mode="max", save_last=True, save_top_k=1
    )
    trainer = lightning.Trainer(
        accelerator="auto",
        max_epochs=recipe.total_epochs,
        callbacks=[
            checkpoints,
            LearningRateMonitor("step"),
            EMAWeightAveraging(decay=recipe.ema_decay, update_every_n_steps=_EMA_EVERY, use_buffers=True),
        ],
        logger=[CSVLogger(run, "csv", version=""), TensorBoardLogger(run, "tensorboard", version="")],
        default_root_dir=run,
        reload_dataloaders_every_n_epochs=1,
        gradient_clip_val=1.0,
        log_every_n_steps=20,
        num_sanity_val_steps=0,
    )
    trainer.fit(module, CutoutData(data, recipe), ckpt_path=last if last.exists() else None)
    return last
