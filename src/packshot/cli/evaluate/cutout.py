"""``packshot evaluate cutout``: how good masks are, beside a box in the middle and an empty mask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.evaluate.options import Asked, data_options
from packshot.cli.evaluate.output import facts_of, print_rows, print_unreadable, progress_on, write_report
from packshot.cli.options import model_options, settings_from

if TYPE_CHECKING:
    from packshot.evaluation import Predict, SetScore
    from packshot.settings import Settings

__all__ = ["cutout"]

_HEADER = ("set", "method", "photos", "IoU", "95 % interval", "boundary F", "MAE", "pixel accuracy", "Spearman")


@click.command(name="cutout")
@data_options("Pictures and their masks: images/ and masks/, a CSV manifest, COCO JSON.")
@model_options
def cutout(data: str, split: str, out: str | None, limit: int | None, as_json: bool, **how: Any) -> int:
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
    return _evaluate(Asked(Path(data), split, limit, Path(out) if out else None, as_json, settings_from(**how)))


def _evaluate(asked: Asked) -> int:
    from packshot.cli.progress import Bar
    from packshot.datasets import open_items
    from packshot.evaluation.mask_evaluation import evaluate_masks
    from packshot.evaluation.photos import choose_photos
    from packshot.web.evaluation_report import Gallery
    from packshot.web.evaluation_report.pages import mask_page

    asked.check_data()
    every = open_items(asked.data, task="segmentation")
    items = choose_photos(every, data=asked.data, split=asked.split, limit=asked.limit)
    asked.make_folder()
    gallery = Gallery()
    predict, model = _predictor(asked.settings)
    with Bar(len(items), unit="photo") as bar:
        method = _method(asked.settings)
        found = evaluate_masks(
            items, predict, method=method, data=asked.data, seen=gallery.add, progress=progress_on(bar)
        )
    print_rows(found, header=_HEADER, lines=_lines(found.summary), left=2, as_json=asked.as_json)
    if found.scores:
        write_report(
            asked,
            found,
            task="cutout",
            page=lambda facts: mask_page(found, gallery, facts=facts),
            facts=facts_of(asked, model()),
        )
    return print_unreadable(found.unreadable, len(items))


def _method(settings: Settings) -> str:
    """The name of the rows: ``packshot`` for what ships, otherwise the network that was asked for."""
    shipped = type(settings).model_fields["model"].default
    return "packshot" if settings.model == shipped else Path(settings.model).stem


def _predictor(settings: Settings) -> tuple[Predict, Callable[[], str]]:
    """The cut-out stage as users get it, and the name and hash of the model it turned out to be."""
    import numpy as np

    from packshot.cutout import segmenter
    from packshot.errors import NothingToCutOut
    from packshot.photo import decode
    from packshot.values import Alpha, Rgb

    segment = segmenter(settings.model, settings)
    model = settings.model

    def predict(rgb: Rgb) -> tuple[Alpha, float | None]:
        nonlocal model
        try:
            mask = segment(decode(rgb, limits=settings.limits))
        except NothingToCutOut:
            return np.zeros(rgb.shape[:2], np.float32), 1.0
        model = mask.model
        return mask.alpha, mask.uncertainty

    return predict, lambda: model


def _lines(summary: Sequence[SetScore]) -> list[tuple[str, ...]]:
    return [
        (
            row.set,
            row.method,
            f"{row.photos}",
            f"{row.iou.value:.3f}",
            f"{row.iou.low:.3f}-{row.iou.high:.3f}",
            f"{row.boundary_f.value:.3f}",
            f"{row.mae.value:.3f}",
            f"{row.pixel_accuracy.value:.3f}",
            f"{row.spearman.value:.2f}" if row.spearman else "",
        )
        for row in summary
    ]
