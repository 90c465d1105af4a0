"""``packshot export``: from a training run to an ONNX file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from packshot.cli.files import required_suffix
from packshot.cli.options import json_option
from packshot.cli.train import require_training

__all__ = ["command"]


@click.command(name="export")
@click.argument("run")
@click.option("-o", "--out", required=True, metavar="FILE", help="The .onnx file; its card is written beside it.")
@click.option(
    "--data",
    envvar="PACKSHOT_DATA",
    required=True,
    help="The run's pictures, to compare on. [env: PACKSHOT_DATA]",
)
@click.option("--size", type=click.IntRange(32, 2048), help="Side of the input in pixels. [default: the recipe's]")
@click.option("--int8", is_flag=True, help="Quantise to eight bits, calibrated on training photos; says what it costs.")
@click.option("--licence", default="Apache-2.0", show_default=True, help="SPDX identifier of the weights.")
@json_option
def command(run: str, out: str, data: str, size: int | None, int8: bool, licence: str, as_json: bool) -> None:
    """Export a run's best weights to ONNX, after comparing both networks on real photos.

    \b
    packshot export runs/cutout -o mine.onnx --data $PACKSHOT_DATA
    packshot export runs/cutout -o mine-int8.onnx --data $PACKSHOT_DATA --int8
    packshot run photos/ -o out/ --model mine.onnx
    """
    require_training()
    from packshot.training.export import export_run
    from packshot.training.registry import items_for
    from packshot.training.run_folder import read_recipe

    target = Path(out)
    required_suffix("-o", out, ".onnx")
    items = items_for(read_recipe(Path(run)), Path(data))
    done = export_run(Path(run), target, items=items, size=size, int8=int8, licence=licence)
    if as_json:
        row = {"model": out, "sha256": done.card.sha256, "bytes": done.bytes, "metrics": done.card.metrics}
        click.echo(json.dumps(row))
        return
    click.echo(f"{out}: {done.bytes / 1e6:.1f} MB, input {done.card.input.size[0]} px")
    parity = done.parity
    click.echo(
        f"parity: differs from the checkpoint by at most {parity.maximum:.2e} on {parity.photos} photos"
        f" (mean {parity.mean:.2e})"
    )
    if int8:
        most, mean = (done.card.metrics[f"int8/{name}"] for name in ("max", "mean"))
        click.echo(f"int8: differs from the whole network by at most {most:.2e} (mean {mean:.2e})")
    for name, (before, after) in done.loss.items():
        click.echo(f"int8: {name} {before:.4f} before, {after:.4f} after, on validation photos")
