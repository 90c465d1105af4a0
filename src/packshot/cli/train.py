"""``packshot train``: a recipe on your own pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.files import existing_data
from packshot.cli.options import GROUP_COLUMN, JSON, THREADS, data_option, settings_from
from packshot.cli.train_several import Several

if TYPE_CHECKING:
    from packshot.training.loop import TrainOptions
    from packshot.training.recipe import Recipe

__all__ = ["command"]


@packshot_command("train")
def command(
    *,
    recipe: str = argument("RECIPE"),
    data: str = data_option("The pictures, see below."),
    run: str = option("-o", "--out", metavar="RUN", help="Folder for checkpoints, logs and figures."),
    overrides: tuple[str, ...] = option("--set", metavar="KEY=VALUE", help="Change a value of the recipe."),
    weights: str | None = option(
        "--weights", metavar="FILE", help="What a published network begins with: --set weights=FILE."
    ),
    group: str | None = GROUP_COLUMN,
    several: Several,
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

    A grid is a TOML file with a table for each training, whose keys change the recipe's; or with ranges of keys in its
    table `search`, from which trainings are drawn, each where those before scored well. With --fractions and --seeds,
    RUN/learning-curve.png shows what more pictures would bring, and how far chance goes. While it runs, RUN/curves.png
    and RUN/progress.png show how far it is. Exit code 130: stopped by a signal.
    """
    from packshot.training.extra import require_training
    from packshot.training.run_lock import refuse_other_training

    refuse_other_training(Path(run), several=several.any)
    require_training()
    from packshot.training.recipe_files import load_recipes, parse_override, typed_devices
    from packshot.training.search.trainings import Searched

    given = {"weights": weights, "group": group}
    changes = dict(map(parse_override, overrides)) | {key: name for key, name in given.items() if name is not None}
    options: TrainOptions = {
        "devices": typed_devices(devices),
        "precision": precision,
        "threads": settings_from(threads=threads).threads,
    }
    train = several.training(as_json=as_json)
    # All are read before pictures are copied, torch is loaded or the first is trained: a mistake in the last must not
    # cost the others' hours.
    chosen = load_recipes(
        Path(recipe), changes, run=Path(run), grid=several.grid, tell=lambda words: click.echo(words, err=True)
    )
    if isinstance(chosen, Searched):
        several.refuse_search()
    folder = existing_data(data)
    for place, (into, one) in enumerate(chosen, start=1):
        if several.grid is not None:
            click.echo(f"{into.name}, {place} of {len(chosen)}", err=True)
        if place == 1:
            _check(one, folder, into)
        try:
            record = train(one, folder, into, options)
        except Exception as error:  # what a training may end with is torch's to say; `failed` says what ends the others
            chosen.failed(into, error)
            continue
        if record is not None:
            text = record.model_dump_json() if as_json else record.words(into, data=data)
            click.echo(text, err=not as_json and record.status != "finished")
            if record.status == "interrupted":
                return 130
    return 3 if chosen.failures else 0


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
