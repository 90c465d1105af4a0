"""Options of ``packshot train`` for more than one training of a recipe, and how each is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.command import option
from packshot.cli.printing import print_row
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.training.loop import TrainOptions
    from packshot.training.recipe import Recipe
    from packshot.training.run_folder import RunRecord

    Training = Callable[[Recipe, Path, Path, TrainOptions], RunRecord | None]
    """From recipe, pictures, run folder and options to what is to be printed: the record of one training, or None."""

__all__ = ["Several"]


@dataclass(frozen=True)
class Several:
    """What is trained more than once; with none of them a recipe is trained once."""

    folds: int | None = option("--folds", type=click.IntRange(2, 100), metavar="K", help="K-fold cross-validation.")
    grid: Path | None = option(
        "--grid",
        metavar="FILE",
        help="Train every entry of a TOML file into RUN/ENTRY, see below.",
    )
    fractions: str | None = option(
        "--fractions", metavar="F,F,...", help="Train on shares of the training pictures: 0.1,0.3,1."
    )
    seeds: str | None = option(
        "--seeds", metavar="N|S,S,...", help="Train from several seeds: how many, or which (7,8,9)."
    )

    @property
    def any(self) -> bool:
        """Whether there is more than one training, each in a folder below the run's."""
        return any((self.folds, self.grid, self.fractions, self.seeds))

    def refuse_search(self) -> None:
        """See that each training of a search gives one score to learn from.

        Raises:
            UsageError: it gives many.
        """
        if self.fractions or self.seeds:
            raise UsageError(
                "--fractions and --seeds give no single score that a search could learn from",
                remedy='write sampler = "even" into its table `search`, or cross-validate with --folds',
            )

    def training(self, *, as_json: bool) -> Training:
        """How each recipe is trained; several scores are printed as they come.

        Raises:
            UsageError: the options contradict each other, or one of them is no number.
        """
        if self.folds is not None:
            if self.fractions or self.seeds:
                remedy = "cross-validate, or vary shares"
                raise UsageError("--folds cannot be had with --fractions or --seeds", remedy=remedy)
            return partial(_train_folds, self.folds, as_json)
        if self.fractions or self.seeds:
            from packshot.training.shares import typed_fractions, typed_seeds

            fractions, seeds = typed_fractions(self.fractions or "1"), typed_seeds(self.seeds or "1")
            return partial(_train_shares, fractions, seeds, as_json)
        return _train


def _train(recipe: Recipe, data: Path, run: Path, options: TrainOptions) -> RunRecord:
    from packshot.training.loop import train

    return train(recipe, data=data, run=run, **options)


def _train_folds(
    folds: int, as_json: bool, recipe: Recipe, data: Path, run: Path, options: TrainOptions
) -> RunRecord | None:
    from packshot.training.folds import train_folds

    def begin(number: int) -> None:
        click.echo(f"fold {number} of {folds}", err=True)

    def warn(words: str) -> None:
        click.echo(words, err=True)

    result, records = train_folds(recipe, data=data, run=run, count=folds, begin=begin, warn=warn, **options)
    if result is None:
        return records[-1]
    print_row(asdict(result), result.words(), as_json=as_json)
    return None


def _train_shares(
    fractions: tuple[float, ...],
    seeds: Callable[[int], tuple[int, ...]],
    as_json: bool,
    recipe: Recipe,
    data: Path,
    run: Path,
    options: TrainOptions,
) -> RunRecord | None:
    from packshot.training.learning_curve import train_shares

    def begin(fraction: float, seed: int) -> None:
        click.echo(f"{fraction:g} of the training pictures, seed {seed}", err=True)

    drawn_from = seeds(recipe.seed)
    curve, records = train_shares(
        recipe, data=data, run=run, fractions=fractions, seeds=drawn_from, begin=begin, **options
    )
    if curve is None:
        return records[-1]
    print_row(asdict(curve), curve.words(), as_json=as_json)
    return None
