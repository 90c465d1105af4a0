"""The same recipe on shares of the training pictures and from several seeds: what more pictures would bring."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Unpack

import numpy as np

from packshot.datasets import Item, Split
from packshot.errors import UsageError
from packshot.storage.atomic import write_atomic
from packshot.training.figures.learning_curve import draw_learning_curve
from packshot.training.loop import TrainOptions, train
from packshot.training.recipe import Recipe
from packshot.training.registry import items_for
from packshot.training.run_folder import RunRecord

__all__ = ["LearningCurve", "ShareScores", "thinned", "train_shares"]

_FILE = "learning-curve.json"


@dataclass(frozen=True, slots=True)
class ShareScores:
    """What a share of the training pictures came to.

    Attributes:
        fraction: of the training pictures, 0..1.
        pictures: learnt from, mean over the seeds.
        mean: of the validation scores over the seeds.
        deviation: sample standard deviation over the seeds; None of one seed.
        scores: of each seed, in order.
    """

    fraction: float
    pictures: float
    mean: float
    deviation: float | None
    scores: list[float]


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """``learning-curve.json``.

    Attributes:
        headline: name of the score.
        seeds: that each share was trained from.
        shares: the smallest first.
    """

    headline: str
    seeds: list[int]
    shares: list[ShareScores]

    def words(self) -> str:
        """For a person: a line a share."""
        lines = [f"{self.headline} on validation, seeds {', '.join(map(str, self.seeds))}"]
        for each in self.shares:
            spread = "" if each.deviation is None else f" +- {each.deviation:.4f}"
            lines.append(f"  {each.fraction:6.1%}  {each.pictures:8,.0f} pictures  {each.mean:.4f}{spread}")
        return "\n".join(lines)


def train_shares(
    recipe: Recipe,
    *,
    data: Path,
    run: Path,
    fractions: Sequence[float] = (1.0,),
    seeds: Sequence[int] = (),
    begin: Callable[[float, int], None] = lambda fraction, seed: None,
    **options: Unpack[TrainOptions],
) -> tuple[LearningCurve | None, list[RunRecord]]:
    """Train every share from every seed into ``fraction-F/seed-S``; what is finished is not trained again.

    Validation and holdout stay whole, so that all scores are of the same pictures.

    Args:
        recipe: the settings; its seed deals the pictures, the seeds here draw weights, shares and order.
        data: folder with the pictures.
        run: folder of the folders.
        fractions: of the training pictures, each above 0 and at most 1.
        seeds: of the trainings; by default the recipe's.
        begin: told of each share and seed.
        options: for `packshot.training.loop.train`.

    Returns:
        The curve, None where a signal stopped the work; and the records.

    Raises:
        UsageError: a fraction out of range, or one that leaves a class without a picture.
    """
    chosen = sorted(set(fractions))
    if not chosen or not all(0 < each <= 1 for each in chosen):
        named = ", ".join(f"{each:g}" for each in fractions)
        raise UsageError(f"--fractions {named}: expected numbers above 0, up to 1", remedy="--fractions 0.1,0.3,1")
    every, drawn_from = items_for(recipe, data), list(dict.fromkeys(seeds)) or [recipe.seed]
    # All are drawn before the first is trained: a class that is missing in the last must not cost the others' hours.
    plan = {(f, s): thinned(every, f, seed=s) for f in chosen for s in drawn_from}
    records: list[RunRecord] = []
    shares: list[ShareScores] = []
    for fraction in chosen:
        mine = []
        for seed in drawn_from:
            begin(fraction, seed)
            seeded = recipe.model_copy(update={"seed": seed})
            folder = run / f"fraction-{fraction:g}" / f"seed-{seed}"
            mine.append(train(seeded, data=data, run=folder, items=plan[fraction, seed], **options))
            records.append(mine[-1])
            if mine[-1].status != "finished":
                return None, records
        scores = [record.scores[str(Split.VALIDATION)] or 0.0 for record in mine]
        spread = statistics.stdev(scores) if len(scores) > 1 else None
        pictures = statistics.mean(record.data.train for record in mine)
        shares.append(ShareScores(fraction, pictures, statistics.mean(scores), spread, scores))
    curve = LearningCurve(records[0].headline, drawn_from, shares)
    write_atomic(run / _FILE, (json.dumps(asdict(curve), indent=2) + "\n").encode())
    points = [(each.pictures, each.scores) for each in shares]
    draw_learning_curve(points, run / "learning-curve.png", score=curve.headline, title=recipe.name)
    return curve, records


def thinned(items: Sequence[Item], fraction: float, *, seed: int) -> list[Item]:
    """All pictures of validation and holdout, and a share of the training ones, class by class, group by group.

    A larger share of the same seed holds the smaller one.

    Args:
        items: of all splits.
        fraction: of the training groups of each class, above 0, up to 1; rounded to whole groups.
        seed: another seed draws others.

    Raises:
        UsageError: it leaves a class without a training picture; names the class and the least fraction.
    """
    if fraction == 1:
        return list(items)
    groups: dict[str, dict[str, None]] = defaultdict(dict)  # class -> its groups, each once, in order
    owner: dict[str, str] = {}
    for item in items:
        if item.split is Split.TRAIN:
            group = _group(item)
            groups[owner.setdefault(group, item.label or item.source)][group] = None
    kept: set[str] = set()
    for place, (label, mine) in enumerate(sorted(groups.items())):
        names = sorted(mine)
        count = round(fraction * len(names))
        if not count:
            raise UsageError(
                f"a fraction of {fraction:g} leaves {label!r} without a training picture: it has {len(names)} "
                f"{'group' if len(names) == 1 else 'groups'}",
                remedy=f"take fractions from {0.5 / len(names) + 0.005:.2f} on, or give more pictures of it",
            )
        order = np.random.default_rng((seed, place)).permutation(len(names))
        kept.update(names[at] for at in order[:count])
    thin = [item for item in items if item.split is not Split.TRAIN or _group(item) in kept]
    before = {item.label for item in items if item.split is Split.TRAIN}
    missing = sorted(before - {item.label for item in thin if item.split is Split.TRAIN}, key=str)
    if missing:
        raise UsageError(
            f"a fraction of {fraction:g} leaves {missing[0]!r} without a training picture: its groups show other "
            "classes too",
            remedy="take a larger fraction, or groups of one class each",
        )
    return thin


def _group(item: Item) -> str:
    return item.group or item.photo.as_posix()
