"""Every step draws its random numbers from the seed and its own number, so that a resumed run repeats them."""

from __future__ import annotations

import lightning
import numpy as np
import torch

__all__ = ["SeededSteps"]


class SeededSteps(lightning.Callback):
    """Seeds torch (dropout) before each training step.

    Args:
        seed: of the run.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def on_train_batch_start(self, trainer: lightning.Trainer, *args: object) -> None:
        """Begin the step's random numbers."""
        words = np.random.SeedSequence((self.seed, trainer.global_step, trainer.global_rank)).generate_state(1)
        torch.manual_seed(int(words[0]))
