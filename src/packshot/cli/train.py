"""``packshot train``: a recipe on your own pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.files import existing_data
from packshot.cli.options import GROUP_COLUMN, JSON, THREADS, settings_from
from packshot.cli.printing import print_row
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.training.loop import TrainOptions
    from packshot.training.recipe import Recipe
    from packshot.training.run_folder import RunRecord

__all__ = ["command"]


@packshot_command("train")
def command(
    recipe: str = argument("RECIPE"),
    data: str = option("--data", envvar="PACKSHOT_DATA", help="The pictures, see below. [env: PACKSHOT_DATA]"),
    run: str = option("-o", "--out", metavar="RUN", help="Folder for checkpoints, logs and figures."),
    overrides: tuple[str, ...] = option("--set", metavar="KEY=VALUE", help="Change a value of the recipe."),
    weights: str | None = option(
        "--weights", metavar="FILE", help="What a published network begins with: --set weights=FILE."
    ),
    folds: int | None = option("--folds", type=click.IntRange(2, 100), metavar="K", help="K-fold cross-validation."),
    group: str | None = GROUP_COLUMN,
    grid: Path | None = option(
        "--grid", metavar="FILE", help="Train every entry of a TOML file into RUN/ENTRY, see below."
    ),
    fractions: str | None = option(
        "--fractions", metavar="F,F,...", help="Train on shares of the training pictures: 0.1,0.3,1."
    ),
    seeds: str | None = option(
        "--seeds", metavar="N|S,S,...", help="Train from several seeds: how many, or which (7,8,9)."
    ),
    devices: str = option(
        "--devices", default="auto", metavar="N|auto", help="GPUs, or processes on a CPU. [default: auto]"
    ),
    precision: Literal["32-true", "bf16-mixed", "16-mixed"] | None = option(
        "--precision", help="[default: the recipe's]"
    ),
    threads: int | None = THREADS,
    as_json: bool = JSON,
) -> int:
    """Train a recipe; repeat the command to resume an interrupted run.

    \b
    packshot train unet --data shop/ -o runs/unet
    packshot train recipes/cutout --data $PACKSHOT_DATA -o runs/cutout
    packshot train unet --data shop/ -o runs/short --set epochs=5 --set size=128
    packshot train unet --data s3://shop/labelled -o runs/bucket
    packshot train unet --data shop/ -o runs/cross --folds 5
    packshot train unet --data photos.csv -o runs/products --folds 5 --group sku
    packshot train cnn3 --data shop/ -o runs/more --fractions 0.1,0.3,1 --seeds 3
    packshot train vgg16-cam --data shop/ -o runs/cam --weights vgg16-397923af.pth
    packshot train frame-2016 --data shop/ -o runs/grid --grid recipes/frame-2016/grid.toml

    RECIPE is a folder with a recipe.toml, or the name of one that ships. The pictures: images/ and masks/ with
    equal names, class folders, a CSV manifest (path,mask,label,split,group), COCO JSON, or the public sets. They are
    checked before training starts. A frame recipe draws frames around plain photos, and takes those `packshot label
    frame` wrote.

    A grid is a TOML file with a table for each training, whose keys change the recipe's. With --fractions and --seeds,
    RUN/learning-curve.png shows what more pictures would bring, and how far chance goes. While it runs, RUN/curves.png
    and RUN/progress.png show how far it is. Exit code 130: stopped by a signal.
    """
    from packshot.training.extra import require_training

    require_training()
    from packshot.training.recipe_files import load_recipes, parse_override

    if folds is not None and (fractions or seeds):
        raise UsageError("--folds cannot be had with --fractions or --seeds", remedy="cross-validate, or vary shares")
    shares, drawn_from = _fractions(fractions), _seeds(seeds)
    folder = existing_data(data)
    given = {"weights": weights, "group": group}
    changes = dict(map(parse_override, overrides)) | {key: name for key, name in given.items() if name is not None}
    options: TrainOptions = {
        "devices": _devices(devices),
        "precision": precision,
        "threads": settings_from(threads=threads).threads,
    }
    # All are read before the first is trained: a mistake in the last must not cost the others' hours.
    chosen = load_recipes(Path(recipe), changes, run=Path(run), grid=grid)
    for place, (into, one) in enumerate(chosen.items(), start=1):
        if grid is not None:
            click.echo(f"{into.name}, {place} of {len(chosen)}", err=True)
        if place == 1:
            _check(one, folder, into)
        if folds is not None:
            record = _train_folds(one, folder, into, folds, options, as_json=as_json)
        elif fractions or seeds:
            seeds_here = drawn_from(one.seed)
            record = _train_shares(one, folder, into, shares, seeds_here, options, as_json=as_json)
        else:
            from packshot.training.loop import train

            record = train(one, data=folder, run=into, **options)
        if record is not None:
            _print(record, into, data, as_json=as_json)
            if record.status == "interrupted":
                return 130
    return 0


def _check(recipe: Recipe, data: Path, run: Path) -> None:
    from packshot.cli.progress import Bar
    from packshot.training.data_check import check_before_training, goes_on
    from packshot.training.registry import items_for

    if goes_on(run):
        return
    items = items_for(recipe, data)
    with Bar(len(items), unit="picture") as bar:
        for line in check_before_training(recipe, items, progress=bar.update):
            bar.close()
            click.echo(line, err=True)


def _train_folds(
    recipe: Recipe, data: Path, run: Path, folds: int, options: TrainOptions, *, as_json: bool
) -> RunRecord | None:
    """Train each fold and print the scores; the record of the fold that did not come to its end, if one did not."""
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
    recipe: Recipe,
    data: Path,
    run: Path,
    fractions: tuple[float, ...],
    seeds: tuple[int, ...],
    options: TrainOptions,
    *,
    as_json: bool,
) -> RunRecord | None:
    """Train each share from each seed and print the scores; the record of what did not come to its end, if any."""
    from packshot.training.learning_curve import train_shares

    def begin(fraction: float, seed: int) -> None:
        click.echo(f"{fraction:g} of the training pictures, seed {seed}", err=True)

    curve, records = train_shares(recipe, data=data, run=run, fractions=fractions, seeds=seeds, begin=begin, **options)
    if curve is None:
        return records[-1]
    print_row(asdict(curve), curve.words(), as_json=as_json)
    return None


def _print(record: RunRecord, run: Path, data: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(record.model_dump_json())
    elif record.status == "finished":
        click.echo(record.words(run, data=data))
    else:
        click.echo(f"{run}: interrupted after {record.epochs_done} whole epochs; repeat the command to go on", err=True)


def _devices(text: str) -> Literal["auto"] | int:
    if text == "auto":
        return "auto"
    if not text.isdigit() or int(text) < 1:
        raise UsageError(f"--devices {text}: expected a number from 1 up, or auto", remedy="for example --devices 2")
    return int(text)


def _fractions(text: str | None) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in (text or "1").split(","))
    except ValueError as error:
        raise UsageError(f"--fractions {text}: expected numbers", remedy="for example --fractions 0.1,0.3,1") from error


def _seeds(text: str | None) -> Callable[[int], tuple[int, ...]]:
    """From the recipe's seed to those that are trained from: so many from it up, or those named."""
    parts = (text or "1").split(",")
    if not all(part.strip().isdigit() for part in parts) or (len(parts) == 1 and int(parts[0]) < 1):
        raise UsageError(f"--seeds {text}: expected a number from 1 up, or seeds", remedy="--seeds 3, or --seeds 7,8,9")
    if len(parts) == 1:
        return lambda first: tuple(range(first, first + int(parts[0])))
    return lambda _: tuple(int(part) for part in parts)
