"""``packshot export``: from a training run to an ONNX file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from packshot.cli.train import require_training
from packshot.errors import UsageError

__all__ = ["command"]


@click.command(name="export")
@click.argument("run")
@click.option("-o", "--out", required=True, metavar="FILE", help="The .onnx file; its card is written beside it.")
@click.option(
    "--data", envvar="PACKSHOT_DATA", required=True, help="Pictures for the parity check. [env: PACKSHOT_DATA]"
)
def command(run: str, out: str, data: str) -> None:
    """Export a run's last checkpoint to ONNX, after comparing both networks on real photos.

    \b
    packshot export runs/cutout -o mine.onnx --data $PACKSHOT_DATA
    packshot run photos/ -o out/ --model mine.onnx
    """
    require_training()
    from packshot.datasets import Split, open_items
    from packshot.training.export import export_cutout
    from packshot.training.recipe import CutoutRecipe

    checkpoint, settings = Path(run) / "last.ckpt", Path(run) / "recipe.json"
    if not (checkpoint.is_file() and settings.is_file()):
        raise UsageError(
            f"{run}: no last.ckpt and recipe.json there", remedy="name the folder `packshot train -o` wrote"
        )
    recipe = CutoutRecipe.model_validate(json.loads(settings.read_text()))
    items = [item for item in open_items(Path(data), task="segmentation") if item.split is Split.VALIDATION]
    photos = [item.rgb() for item in items[:: max(1, len(items) // 16)]]
    parity = export_cutout(checkpoint, Path(out), size=recipe.sizes[-1], photos=photos)
    click.echo(f"{out}: alpha differs from the checkpoint by at most {parity.maximum:.2e} on {parity.photos} photos")
