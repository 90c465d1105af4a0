"""Every epoch draws its random numbers from the seed and its own number, so that a resumed run repeats them."""

from __future__ import annotations

import lightning
import numpy as np
import torch

__all__ = ["SeededEpochs"]


class SeededEpochs(lightning.Callback):
    """Seeds torch (dropout) at the start of each epoch.

    Args:
        seed: of the run.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def on_train_epoch_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Begin the epoch's random numbers."""
        words = np.random.SeedSequence((self.seed, trainer.current_epoch, trainer.global_rank)).generate_state(1)
        torch.manual_seed(int(words[0]))
