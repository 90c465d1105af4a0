"""``packshot evaluate cutout``: how good masks are, beside a box in the middle and an empty mask."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.evaluate.options import Asked, asked_for
from packshot.cli.evaluate.output import present
from packshot.cli.options import model_options

if TYPE_CHECKING:
    from packshot.settings import Settings

__all__ = ["cutout"]


@click.command(name="cutout")
@asked_for("Pictures and their masks: images/ and masks/, a CSV manifest, COCO JSON.", model_options)
def cutout(asked: Asked) -> int:
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
    from packshot.cli.progress import Bar
    from packshot.cutout.prediction import MaskPredictor
    from packshot.datasets import open_items
    from packshot.evaluation.mask_evaluation import evaluate_masks
    from packshot.web.evaluation_report import Gallery
    from packshot.web.evaluation_report.pages import mask_page
    from packshot.web.evaluation_report.tables import mask_table

    items = asked.choose(open_items(asked.data, task="segmentation"))
    asked.make_folder()
    gallery = Gallery()
    predict = MaskPredictor(asked.settings)
    with Bar(len(items), unit="photo") as bar:
        found = evaluate_masks(
            items, predict, method=_method(asked.settings), data=asked.data, seen=gallery.add, progress=bar.step
        )
    return present(
        asked,
        found,
        mask_table(found.summary),
        words=2,
        task="cutout",
        model=predict.model,
        page=lambda facts: mask_page(found, gallery, facts=facts),
    )


def _method(settings: Settings) -> str:
    """The name of the rows: ``packshot`` for what ships, otherwise the network that was asked for."""
    shipped = type(settings).model_fields["model"].default
    return "packshot" if settings.model == shipped else Path(settings.model).stem
