"""How a training went: the row that each epoch left in a run folder, and whether it came to nothing."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packshot.errors import UsageError

__all__ = ["RunHistory", "read_history"]

_FILE = Path("csv") / "metrics.csv"
_FOLDS = "fold-*"


@dataclass(frozen=True, slots=True)
class RunHistory:
    """The epochs of a run; of a cross-validation, their mean over the folds.

    Attributes:
        run: its folder.
        rows: one an epoch: ``epoch``, ``seconds``, ``train/loss``, ``validation/...`` as far as logged.
        diverged: why the training came to nothing, in words; empty where it did not.
    """

    run: str
    rows: Sequence[Mapping[str, float]]
    diverged: str

    def points(self, name: str) -> tuple[list[float], list[float]]:
        """Epochs and finite values of a column, those epochs alone that have one."""
        found = [(row["epoch"], row[name]) for row in self.rows if math.isfinite(row.get(name, math.nan))]
        return [epoch for epoch, _ in found], [value for _, value in found]


def read_history(run: Path) -> RunHistory:
    """Read what the epochs of a run left.

    Args:
        run: folder that ``packshot train`` wrote; of a cross-validation, the folder of its folds.

    Raises:
        UsageError: a history is damaged.
    """
    files = [run / _FILE] if (run / _FILE).is_file() else sorted(run.glob(f"{_FOLDS}/{_FILE}"))
    parts = [_rows(file) for file in files]
    why = next((words for words in map(_diverged, parts) if words), "")
    return RunHistory(str(run), parts[0] if len(parts) == 1 else _mean(parts), why)


def _rows(file: Path) -> list[dict[str, float]]:
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            return [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(stream)]
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UsageError(f"{file} cannot be read ({error})", remedy="train the run again, or move it away") from error


def _mean(parts: Sequence[Sequence[Mapping[str, float]]]) -> list[dict[str, float]]:
    """Epoch by epoch over the folds that came so far."""
    epochs: dict[float, list[Mapping[str, float]]] = defaultdict(list)
    for rows in parts:
        for row in rows:
            epochs[row["epoch"]].append(row)
    means = []
    for rows in (epochs[epoch] for epoch in sorted(epochs)):
        names = dict.fromkeys(name for row in rows for name in row)
        found = {name: [row[name] for row in rows if name in row] for name in names}
        means.append({name: sum(values) / len(values) for name, values in found.items()})
    return means


def _diverged(rows: Sequence[Mapping[str, float]]) -> str:
    losses = [(row["epoch"], row["train/loss"]) for row in rows if "train/loss" in row]
    broken = next((epoch for epoch, loss in losses if not math.isfinite(loss)), None)
    if broken is not None:
        return f"its loss is no number from epoch {broken:.0f} on"
    if len(losses) > 1 and losses[-1][1] > losses[0][1]:
        return f"its loss rose from {losses[0][1]:.3g} to {losses[-1][1]:.3g}"
    return ""
