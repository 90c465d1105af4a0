"""One row an epoch, as CSV and as curves; kept in the checkpoint, so that a resumed run has the whole story."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import lightning

from packshot.storage.atomic import write_atomic
from packshot.training.figures.curves import draw_curves

__all__ = ["History"]


class History(lightning.Callback):
    """Writes ``csv/metrics.csv`` and ``curves.png`` at the end of every epoch.

    Args:
        run: folder of the run.
        headline: the score that chooses the best weights.
        title: of the curves.
    """

    def __init__(self, run: Path, *, headline: str, title: str) -> None:
        self.run, self.headline, self.title = run, headline, title
        self.rows: list[dict[str, float]] = []
        self._start = 0.0

    def on_train_epoch_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Start the epoch's clock."""
        self._start = time.monotonic()

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Add the epoch's row."""
        row = {
            "epoch": float(trainer.current_epoch + 1),
            "step": float(trainer.global_step),
            "seconds": round(time.monotonic() - self._start, 3),
            "learning_rate": float(max(group["lr"] for group in trainer.optimizers[0].param_groups)),
        }
        row |= {
            name: float(value)
            for name, value in sorted(trainer.callback_metrics.items())
            if name.startswith(("train/", "validation/"))
        }
        self.rows = [*(r for r in self.rows if r["epoch"] < row["epoch"]), row]
        if not trainer.is_global_zero:
            return
        write_atomic(self.run / "csv" / "metrics.csv", self._csv().encode())
        draw_curves(self.rows, self.run / "curves.png", headline=self.headline, title=self.title)

    def state_dict(self) -> dict[str, list[dict[str, float]]]:
        """The rows."""
        return {"rows": self.rows}

    def load_state_dict(self, state_dict: dict[str, list[dict[str, float]]]) -> None:
        """Go on from a checkpoint's rows."""
        self.rows = list(state_dict["rows"])

    def _csv(self) -> str:
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({n: f"{v:g}" if n in {"epoch", "step"} else v for n, v in row.items()} for row in self.rows)
        return text.getvalue()
