"""``packshot export``: from a training run to an ONNX file."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.files import copied_data, required_suffix
from packshot.cli.options import JSON, data_option
from packshot.cli.printing import print_row

__all__ = ["command"]


@packshot_command("export")
def command(
    run: str = argument("RUN"),
    out: str = option("-o", "--out", metavar="FILE", help="The .onnx file; its card is written beside it."),
    data: str = data_option("The run's pictures, to compare on."),
    size: int | None = option(
        "--size", type=click.IntRange(32, 2048), help="Side of the input in pixels. [default: the recipe's]"
    ),
    int8: bool = option("--int8", help="Quantise to eight bits, calibrated on training photos; says what it costs."),
    licence: str = option("--licence", default="Apache-2.0", help="SPDX identifier of the weights."),
    as_json: bool = JSON,
) -> None:
    """Export a run's best weights to ONNX, after comparing both networks on real photos.

    \b
    packshot export runs/cutout -o mine.onnx --data $PACKSHOT_DATA
    packshot export runs/cutout -o mine-int8.onnx --data $PACKSHOT_DATA --int8
    packshot run photos/ -o out/ --model mine.onnx
    """
    from packshot.training.extra import require_training
    from packshot.training.run_folder import read_recipe

    require_training()
    required_suffix("-o", out, ".onnx")
    recipe, target = read_recipe(Path(run)), Path(out)  # before torch is loaded, which takes seconds
    from packshot.training.export import export_run
    from packshot.training.registry import items_for

    items = items_for(recipe, copied_data(data))
    done = export_run(Path(run), target, items=items, size=size, int8=int8, licence=licence)
    print_row({"model": out, **done.row()}, done.words(out), as_json=as_json)
