"""``packshot train``: a recipe on your own pictures. The only command that imports the training extra."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from packshot.errors import UsageError

__all__ = ["command"]


@click.command(name="train")
@click.argument("recipe")
@click.option("--data", envvar="PACKSHOT_DATA", required=True, help="Folder with the pictures. [env: PACKSHOT_DATA]")
@click.option("-o", "--out", "run", required=True, metavar="RUN", help="Folder for checkpoints, logs and figures.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a value of the recipe.")
@click.option("--threads", type=click.IntRange(1, 1024), help="Threads of the computation. [default: all cores]")
def command(recipe: str, data: str, run: str, overrides: tuple[str, ...], threads: int | None) -> None:
    """Train a recipe; repeat the command to resume an interrupted run.

    \b
    packshot train recipes/cutout --data $PACKSHOT_DATA -o runs/cutout
    packshot train recipes/cutout --data shop/ -o runs/mine --set batch=8 --set 'epochs=[2, 2, 1]'
    """
    require_training()
    from packshot.training.loop import train_cutout
    from packshot.training.recipe import load_recipe

    if not Path(data).is_dir():
        raise UsageError(f"{data}: no such folder", remedy="name the folder with the pictures, or set PACKSHOT_DATA")
    values = dict(_override(text) for text in overrides)
    chosen = load_recipe(Path(recipe), values)
    last = train_cutout(chosen, data=Path(data), run=Path(run), threads=threads or os.cpu_count() or 1)
    click.echo(f"checkpoint: {last}")
    click.echo(f"next: packshot export {run} -o model.onnx --data {data}")


def require_training() -> None:
    """Refuse politely when the training extra is not installed.

    Raises:
        UsageError: torch or Lightning is missing.
    """
    from importlib.util import find_spec

    missing = [name for name in ("torch", "torchvision", "timm", "lightning") if find_spec(name) is None]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}", remedy="pip install 'packshot[train]'")


def _override(text: str) -> tuple[str, Any]:
    key, sign, value = text.partition("=")
    if not sign:
        raise UsageError(f"--set {text}: expected KEY=VALUE", remedy="for example --set batch=8")
    try:
        return key, json.loads(value)
    except json.JSONDecodeError:
        return key, value
