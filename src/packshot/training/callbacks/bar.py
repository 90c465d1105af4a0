"""The progress bar: one line an epoch."""

from __future__ import annotations

from lightning.pytorch.callbacks import TQDMProgressBar
from lightning.pytorch.callbacks.progress.tqdm_progress import Tqdm

__all__ = ["OneLineBar"]


class OneLineBar(TQDMProgressBar):
    """Lightning's bar without the second one for the validation below it."""

    def init_validation_tqdm(self) -> Tqdm:
        """A bar that draws nothing."""
        return Tqdm(disable=True)
