"""``packshot train``: a recipe on your own pictures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from packshot.cli.options import json_option, threads_option
from packshot.cli.training_outcome import print_folds, print_outcome
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.training.loop import TrainOptions
    from packshot.training.recipe import Precision, Recipe

__all__ = ["command"]


@click.command(name="train")
@click.argument("recipe")
@click.option("--data", envvar="PACKSHOT_DATA", required=True, help="The pictures, see below. [env: PACKSHOT_DATA]")
@click.option("-o", "--out", "run", required=True, metavar="RUN", help="Folder for checkpoints, logs and figures.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a value of the recipe.")
@click.option("--weights", metavar="FILE", help="What a published network begins with: --set weights=FILE.")
@click.option("--folds", type=click.IntRange(2, 100), metavar="K", help="K-fold cross-validation.")
@click.option("--grid", metavar="FILE", help="Train every entry of a TOML file into RUN/ENTRY, see below.")
@click.option("--devices", default="auto", metavar="N|auto", help="GPUs, or processes on a CPU. [default: auto]")
@click.option("--precision", type=click.Choice(["32-true", "bf16-mixed", "16-mixed"]), help="[default: the recipe's]")
@threads_option
@json_option
def command(
    recipe: str,
    data: str,
    run: str,
    overrides: tuple[str, ...],
    weights: str | None,
    folds: int | None,
    grid: str | None,
    devices: str,
    precision: str | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Train a recipe; repeat the command to resume an interrupted run.

    \b
    packshot train unet --data shop/ -o runs/unet
    packshot train recipes/cutout --data $PACKSHOT_DATA -o runs/cutout
    packshot train unet --data shop/ -o runs/short --set epochs=5 --set size=128
    packshot train unet --data shop/ -o runs/cross --folds 5
    packshot train vgg16-cam --data shop/ -o runs/cam --weights vgg16-397923af.pth
    packshot train frame-2016 --data shop/ -o runs/grid --grid recipes/frame-2016/grid.toml

    RECIPE is a folder with a recipe.toml, or the name of one that ships. The pictures: images/ and masks/ with
    equal names, class folders, a CSV manifest (path,mask,label,split,group), COCO JSON, or the public sets. They are
    checked before training starts. A frame recipe draws frames around plain photos, and takes those `packshot label
    frame` wrote.

    A grid is a TOML file with a table for each training, whose keys change the recipe's. While it runs, RUN/curves.png
    and RUN/progress.png show how far it is. Exit code 130: stopped by a signal.
    """
    require_training()
    from packshot.machine import usable_cores
    from packshot.training.recipe_files import load_recipes, parse_override

    if not Path(data).exists():
        raise UsageError(f"{data}: no such folder", remedy="name the folder with the pictures, or set PACKSHOT_DATA")
    changes = dict(map(parse_override, overrides)) | ({} if weights is None else {"weights": weights})
    options: TrainOptions = {
        "devices": _devices(devices),
        "precision": cast("Precision | None", precision),
        "threads": threads or usable_cores(),
    }
    # All are read before the first is trained: a mistake in the last must not cost the others' hours.
    chosen = load_recipes(Path(recipe), changes, run=Path(run), grid=None if grid is None else Path(grid))
    for place, (folder, one) in enumerate(chosen.items(), start=1):
        if grid is not None:
            click.echo(f"{folder.name}, {place} of {len(chosen)}", err=True)
        if place == 1:
            _check(one, Path(data), folder)
        if folds is not None:
            _train_folds(one, Path(data), folder, folds, options, as_json=as_json)
            continue
        from packshot.training.loop import train

        print_outcome(train(one, data=Path(data), run=folder, **options), folder, data, as_json=as_json)


def require_training() -> None:
    """Raise `UsageError` where the training extra is not installed."""
    from importlib.util import find_spec

    missing = [name for name in ("torch", "torchvision", "timm", "lightning") if find_spec(name) is None]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}", remedy="pip install 'packshot[train]'")


def _check(recipe: Recipe, data: Path, run: Path) -> None:
    """Look at every picture before the first is learnt from; not again where a run goes on."""
    from packshot.cli.progress import Bar
    from packshot.datasets import check_items
    from packshot.training.registry import items_for, task_of
    from packshot.training.repeats import repeats_note

    if os.environ.get("LOCAL_RANK", "0") != "0":  # a further process of the same training
        return
    if (run / "last.ckpt").exists() or (run / "fold-1" / "last.ckpt").exists():
        return
    items = items_for(recipe, data)
    with Bar(len(items), unit="picture") as bar:
        report = check_items(items, task_of(recipe).checked_as, progress=bar.update)
    click.echo(str(report), err=True)
    report.raise_for_errors()
    if note := repeats_note(recipe, items):
        click.echo(note, err=True)


def _train_folds(recipe: Recipe, data: Path, run: Path, folds: int, options: TrainOptions, *, as_json: bool) -> None:
    from packshot.training.folds import train_folds

    def begin(number: int) -> None:
        click.echo(f"fold {number} of {folds}", err=True)

    result, records = train_folds(recipe, data=data, run=run, count=folds, begin=begin, **options)
    if result is None:
        print_outcome(records[-1], run, str(data), as_json=as_json)
    else:
        print_folds(result, as_json=as_json)


def _devices(text: str) -> Literal["auto"] | int:
    if text == "auto":
        return "auto"
    if not text.isdigit() or int(text) < 1:
        raise UsageError(f"--devices {text}: expected a number from 1 up, or auto", remedy="for example --devices 2")
    return int(text)
