"""``packshot evaluate cutout``: how good masks are, beside a box in the middle and an empty mask."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.evaluate.selection import (
    Unreadable,
    check_data,
    data_options,
    fault,
    make_folder,
    photo_name,
    spread,
    write_results,
)
from packshot.cli.options import model_options, settings_from
from packshot.errors import PackshotError

if TYPE_CHECKING:
    from packshot.cli.progress import Bar
    from packshot.datasets import Item
    from packshot.evaluation import LabelledPhoto, MaskScore, Predict, SetScore
    from packshot.settings import Settings
    from packshot.web.evaluation_report import Gallery

__all__ = ["cutout"]

_METHOD = "packshot"


@dataclass(frozen=True, slots=True)
class _Job:
    """What the command line asked for."""

    data: Path
    split: str
    limit: int | None
    out: Path | None
    as_json: bool
    settings: Settings


@click.command(name="cutout")
@data_options("Pictures and their masks: images/ and masks/, a CSV manifest, COCO JSON.")
@model_options
def cutout(data: str, split: str, out: str | None, limit: int | None, as_json: bool, **how: Any) -> int:
    """Score masks of the cut-out stage, as users get them, on pictures whose masks are known.

    Each set gets a row for packshot and one for each trivial baseline: a box in the middle, and an empty mask.
    Intervals are 95 % bootstrap intervals of the mean. A photo in which nothing is found counts as an empty mask.
    Exits 3 when a photo or a mask could not be read; each is named.

    \b
    packshot evaluate cutout --data shop/
    packshot evaluate cutout --data shop/ --split all -o quality/ --model mine.onnx
    packshot evaluate cutout --data $PACKSHOT_DATA --split validation --model grabcut --limit 100
    """
    return _score(_Job(Path(data), split, limit, Path(out) if out else None, as_json, settings_from(**how)))


def _score(job: _Job) -> int:
    from packshot.cli.progress import Bar
    from packshot.datasets import open_items
    from packshot.evaluation import BASELINES, score_masks, summarise
    from packshot.web.evaluation_report import Gallery

    check_data(job.data)
    items = spread(open_items(job.data, task="segmentation"), data=job.data, split=job.split, limit=job.limit)
    if job.out:
        make_folder(job.out)
    predict, model = _predictor(job.settings)
    gallery, unreadable = Gallery(), Unreadable()
    with Bar(len(items), unit="photo") as bar:

        def seen(photo: LabelledPhoto, alpha: Any, score: MaskScore) -> None:
            if score.method == _METHOD:
                gallery.add(photo, alpha, score)
                bar.update()

        photos = _photos(items, job.data, bar, unreadable)
        scores = score_masks(photos, {_METHOD: predict, **BASELINES}, seen=seen)
    summary = summarise(scores)
    _tell(summary, unreadable, as_json=job.as_json)
    if not scores:
        click.echo(f"none of {len(items)} photos could be scored", err=True)
    elif job.out:
        _write(job, model(), scores, summary, gallery, unreadable)
    return 3 if unreadable else 0


def _photos(items: Sequence[Item], data: Path, bar: Bar, unreadable: Unreadable) -> Iterator[LabelledPhoto]:
    """Read one after another; what cannot be read is named and noted."""
    from packshot.evaluation import LabelledPhoto

    for item in items:
        name = photo_name(item.photo, data)
        try:
            rgb, alpha = item.pair()
        except PackshotError as error:
            unreadable.append((name, error))
            bar.write_line(str(error))
            bar.update()
            continue
        yield LabelledPhoto(name, item.source, rgb, alpha)


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


def _tell(summary: Sequence[SetScore], unreadable: Sequence[tuple[str, PackshotError]], *, as_json: bool) -> None:
    from packshot.cli.table import aligned

    if as_json:
        for row in summary:
            click.echo(json.dumps({**asdict(row), "error": None}))
        for name, error in unreadable:
            click.echo(json.dumps({"name": name, "error": fault(error)}))
        return
    header = ("set", "method", "photos", "IoU", "95 % interval", "boundary F", "MAE", "pixel accuracy", "Spearman")
    cells = [
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
    if cells:
        click.echo(aligned(header, cells, left=2))
    if unreadable:
        click.echo(f"{len(unreadable)} photos could not be scored", err=True)


def _write(
    job: _Job,
    model: str,
    scores: Sequence[MaskScore],
    summary: Sequence[SetScore],
    gallery: Gallery,
    unreadable: Sequence[tuple[str, PackshotError]],
) -> None:
    from packshot.version import __version__
    from packshot.web.evaluation_report import render_report

    assert job.out is not None  # noqa: S101 - asked before
    facts = {"Model": model, "Data": str(job.data), "Split": job.split, "packshot": __version__}
    page = render_report(
        summary, scores, gallery, method=_METHOD, facts=facts, unreadable=[str(error) for _, error in unreadable]
    )
    whole = {
        "task": "cutout",
        **{name.lower(): words for name, words in facts.items()},
        "limit": job.limit,
        "summary": [asdict(row) for row in summary],
        "unreadable": [{"name": name, "error": fault(error)} for name, error in unreadable],
    }
    lines = "".join(json.dumps(asdict(score)) + "\n" for score in scores)
    write_results(job.out, page=page, lines=lines, summary=json.dumps(whole, indent=2), quiet=job.as_json)
