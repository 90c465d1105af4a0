"""The progress bar: one line an epoch, one for the photos that are scored at the end."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

import lightning
from lightning.pytorch.callbacks import TQDMProgressBar
from lightning.pytorch.callbacks.progress.tqdm_progress import Tqdm

__all__ = ["OneLineBar", "scoring_bar"]


class OneLineBar(TQDMProgressBar):
    """Lightning's bar without the second one for the validation below it: the one bar says that it validates."""

    def init_validation_tqdm(self) -> Tqdm:
        """A bar that draws nothing."""
        return Tqdm(disable=True)

    def on_validation_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Say what is waited for when all steps are done."""
        super().on_validation_start(trainer, pl_module)
        self.train_progress_bar.set_description(f"Epoch {trainer.current_epoch}, validating")

    def on_validation_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Back to the steps."""
        super().on_validation_end(trainer, pl_module)
        self.train_progress_bar.set_description(f"Epoch {trainer.current_epoch}")


@contextlib.contextmanager
def scoring_bar() -> Iterator[Callable[[], object]]:
    """A bar on stderr; what is returned is called after each photo."""
    with Tqdm(desc="Scoring", unit=" photos", file=sys.stderr, leave=True, dynamic_ncols=True) as bar:
        yield bar.update
