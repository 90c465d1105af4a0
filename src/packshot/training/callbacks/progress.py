"""The same few validation photos as the network sees them after each of the last epochs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import lightning
import numpy as np
import torch
from torch import Tensor

from packshot.training.figures.grid import Cell, draw_grid

__all__ = ["Progress"]

_EPOCHS = 6
_Saved = dict[int, list[tuple[Tensor, str, bool | None]]]  # epoch -> pixels, caption and verdict of each photo


class Progress(lightning.Callback):
    """Writes ``progress.png`` after every validation: a row for each photo, a column for each epoch.

    Args:
        run: folder of the run.
        known: for each photo, the cells that stay: the photo, the truth.
        predict: draws all photos' cells with the weights of now.
        columns: heads of the cells that stay.
    """

    def __init__(
        self,
        run: Path,
        *,
        known: Sequence[Sequence[Cell]],
        predict: Callable[[], list[Cell]],
        columns: Sequence[str] = ("photo", "truth"),
    ) -> None:
        self.run, self.known, self.predict, self.columns = run, known, predict, columns
        self.seen: dict[int, list[Cell]] = {}

    # Before the end of the validation: there the averaged weights, which are the ones that count, are still in place.
    def on_validation_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Add a column, drop the oldest."""
        if not (trainer.is_global_zero and self.known):
            return
        self.seen[trainer.current_epoch + 1] = self.predict()
        self.seen = {epoch: self.seen[epoch] for epoch in sorted(self.seen)[-_EPOCHS:]}
        rows = [[*known, *(cells[place] for cells in self.seen.values())] for place, known in enumerate(self.known)]
        columns = [*self.columns, *(f"epoch {epoch}" for epoch in self.seen)]
        title = "the same validation photos after each of the last epochs"
        draw_grid(rows, self.run / "progress.png", title=title, columns=columns)

    def state_dict(self) -> dict[str, _Saved]:
        """The cells, as tensors and plain values: a checkpoint is read without pickle."""
        return {
            "seen": {
                epoch: [(torch.from_numpy(cell.rgb), cell.caption, cell.right) for cell in cells]
                for epoch, cells in self.seen.items()
            }
        }

    def load_state_dict(self, state_dict: dict[str, _Saved]) -> None:
        """Go on from a checkpoint's cells."""
        self.seen = {
            epoch: [Cell(np.asarray(rgb), caption, right) for rgb, caption, right in cells]
            for epoch, cells in state_dict["seen"].items()
        }
