"""Cross-validation: the recipe once for each fold, a run folder each, mean and deviation over them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Unpack

from packshot.counting import counted
from packshot.datasets import Split, folds
from packshot.errors import UsageError
from packshot.storage.atomic import write_atomic
from packshot.training.loop import TrainOptions, train
from packshot.training.recipe import Recipe
from packshot.training.registry import items_for
from packshot.training.run_folder import RunRecord

__all__ = ["UNGROUPED", "FoldScores", "train_folds"]

UNGROUPED = (
    "no picture names its group: photos of one product may be in several folds; "
    "list them in a CSV with a column `group`, or name its column with --group"
)


@dataclass(frozen=True, slots=True)
class FoldScores:
    """``folds.json``: the validation score of each fold.

    Attributes:
        folds: how many.
        headline: name of the score.
        mean: over the folds.
        deviation: sample standard deviation over the folds.
        scores: of each fold, in order.
    """

    folds: int
    headline: str
    mean: float
    deviation: float
    scores: list[float]

    def words(self) -> str:
        """For a person: mean, deviation, and each fold."""
        each = ", ".join(f"{score:.4f}" for score in self.scores)
        return f"{self.headline}: {self.mean:.4f} +- {self.deviation:.4f} over {counted(self.folds, 'fold')} ({each})"


def _validation_score(record: RunRecord, number: int) -> float:
    score = record.scores[str(Split.VALIDATION)]
    if score is None:
        raise UsageError(
            f"fold {number} has no {record.headline} on its validation pictures",
            remedy="give more pictures with labels, or fewer folds",
        )
    return score


def train_folds(
    recipe: Recipe,
    *,
    data: Path,
    run: Path,
    count: int,
    begin: Callable[[int], None] = lambda number: None,
    warn: Callable[[str], None] = lambda words: None,
    **options: Unpack[TrainOptions],
) -> tuple[FoldScores | None, list[RunRecord]]:
    """Train every fold into ``fold-1``, ``fold-2``...; finished folds are not trained again.

    The holdout stays out of all of them; groups are never torn apart.

    Args:
        recipe: the settings.
        data: folder with the pictures.
        run: folder of the folders.
        count: folds, at least 2.
        begin: told the number of each fold.
        warn: told that no picture names its group, so that photos of one product may be on both sides.
        options: for `packshot.training.loop.train`.

    Returns:
        The scores, None where a signal stopped the work; and the folds' records.

    Raises:
        UsageError: fewer pictures or groups than folds.
    """
    if count < 2:
        raise UsageError(f"--folds {count}: expected at least 2", remedy="for example --folds 5")
    every = items_for(recipe, data)
    if not any(item.group for item in every):
        warn(UNGROUPED)
    records = []
    for number, items in enumerate(folds(every, count, seed=recipe.seed), start=1):
        begin(number)
        record = train(recipe, data=data, run=run / f"fold-{number}", items=items, **options)
        records.append(record)
        if record.status != "finished":
            return None, records
    scores = [_validation_score(record, number) for number, record in enumerate(records, start=1)]
    result = FoldScores(count, records[0].headline, statistics.mean(scores), statistics.stdev(scores), scores)
    write_atomic(run / "folds.json", (json.dumps(asdict(result), indent=2) + "\n").encode())
    return result, records
