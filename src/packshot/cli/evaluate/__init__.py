"""``packshot evaluate``: how good the networks that ship are, on pictures whose truth is known."""

from __future__ import annotations

import click

from packshot.cli.command import packshot_command
from packshot.cli.evaluate.answers import attribute, category
from packshot.cli.evaluate.explanation import explanation
from packshot.cli.evaluate.frames import frame
from packshot.cli.evaluate.options import Asked
from packshot.cli.files import existing_data
from packshot.cli.options import Network, data_option, settings_from

__all__ = ["command"]


@packshot_command("cutout")
def cutout(
    *,
    data: str = data_option("Pictures and their masks: images/ and masks/, a CSV manifest, COCO JSON."),
    asked: Asked,
    network: Network,
) -> int:
    """Score masks of the cut-out stage, as users get them, on pictures whose masks are known.

    Each set gets a row for packshot, or for the network that --model names, and one for each trivial baseline: a box in
    the middle, and an empty mask.
    Intervals are 95 % bootstrap intervals of the mean. A photo in which nothing is found counts as an empty mask.
    Exits 3 when a photo or a mask could not be read; each is named.

    \b
    packshot evaluate cutout --data shop/
    packshot evaluate cutout --data shop/ --split all -o quality/ --model mine.onnx
    packshot evaluate cutout --data $PACKSHOT_DATA --split validation --model grabcut --limit 100
    """
    from packshot.datasets import open_items
    from packshot.web.evaluation_report.tasks import MaskTask

    folder = existing_data(data)
    task = MaskTask(settings_from(network), folder)
    return asked.run(task, open_items(folder, task="segmentation"), folder)


@click.group(name="evaluate", commands=[cutout, category, attribute, frame, explanation])
def command() -> None:
    """Score what ships, as users get it, on pictures whose truth is known; needs no training extra.

    Intervals are 95 % bootstrap intervals, the photo as unit. Exits 3 when a photo could not be read; each is named.

    \b
    packshot evaluate cutout --data shop/                  masks, beside a box in the middle and an empty mask
    packshot evaluate category --data shop/ -o quality/    categories along the tree, with a report
    packshot evaluate attribute --data shop/ --head kids   one attribute, or --head tags
    packshot evaluate frame --data labels.csv              frames, several detectors in one chart
    packshot evaluate explanation --data shop/             whether the maps of `explain` are true
    """
