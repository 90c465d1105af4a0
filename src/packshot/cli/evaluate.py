"""``packshot evaluate``: how good the network that ships is, on pictures whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import json_option, model_options, settings_from
from packshot.errors import PackshotError, UsageError

if TYPE_CHECKING:
    from packshot.cli.progress import Bar
    from packshot.datasets import Item
    from packshot.evaluation import LabelledPhoto, MaskScore, Predict, SetScore
    from packshot.evaluation.report import Gallery
    from packshot.settings import Settings

__all__ = ["command"]

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


def _cutout(job: _Job) -> int:
    from packshot.cli.progress import Bar
    from packshot.evaluation import BASELINES, score_masks, summarise
    from packshot.evaluation.report import Gallery

    items = _items(job)
    if job.out:
        _make_folder(job.out)  # before the work, so that nothing is lost when it cannot be made
    predict, model = _predictor(job.settings)
    gallery, unreadable = Gallery(), list[tuple[str, PackshotError]]()
    with Bar(len(items), unit="photo") as bar:

        def seen(photo: LabelledPhoto, alpha: Any, score: MaskScore) -> None:
            if score.method == _METHOD:
                gallery.add(photo, alpha, score)
                bar.update()

        root = job.data.parent if job.data.is_file() else job.data
        photos = _photos(items, root, bar, unreadable)
        scores = score_masks(photos, {_METHOD: predict, **BASELINES}, seen=seen)
    summary = summarise(scores)
    _tell(summary, unreadable, as_json=job.as_json)
    if not scores:
        click.echo(f"none of {len(items)} photos could be scored", err=True)
    elif job.out:
        _write(job, model(), scores, summary, gallery, unreadable)
    return 3 if unreadable else 0


#: Task -> what evaluates it; it returns the exit code.
_TASKS: dict[str, Callable[[_Job], int]] = {"cutout": _cutout}


@click.command(name="evaluate")
@click.argument("task", type=click.Choice(list(_TASKS)))
@click.option(
    "--data",
    envvar="PACKSHOT_DATA",
    required=True,
    metavar="DIR",
    help="Pictures and their masks: images/ and masks/, a CSV manifest, COCO JSON. [env: PACKSHOT_DATA]",
)
@click.option(
    "--split",
    type=click.Choice(["holdout", "validation", "train", "all"]),
    default="holdout",
    show_default=True,
    help="Which pictures. Choose on validation, report on holdout.",
)
@click.option("-o", "--out", metavar="FOLDER", help="Write report.html, scores.jsonl and summary.json there.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only N photos, spread evenly over the split.")
@model_options
@json_option
def command(
    task: str,
    data: str,
    split: str,
    out: str | None,
    limit: int | None,
    as_json: bool,
    **how: Any,
) -> int:
    """Score the network that ships, as users get it, on labelled pictures; needs no training extra.

    Each set gets a row for packshot and one for each trivial baseline: a box in the middle, and an empty mask.
    Intervals are 95 % bootstrap intervals of the mean. A photo in which nothing is found counts as an empty mask.
    Exits 3 when a photo or a mask could not be read; each is named.

    \b
    packshot evaluate cutout --data shop/
    packshot evaluate cutout --data shop/ --split all -o quality/ --model mine.onnx
    packshot evaluate cutout --data $PACKSHOT_DATA --split validation --model grabcut --limit 100
    """
    return _TASKS[task](_Job(Path(data), split, limit, Path(out) if out else None, as_json, settings_from(**how)))


def _items(job: _Job) -> list[Item]:
    """The pictures of the split, spread evenly if only some are wanted."""
    from collections import Counter

    from packshot.datasets import open_items

    if not job.data.exists():
        raise UsageError(
            f"{job.data}: no such folder", remedy="name the folder with the pictures, or set PACKSHOT_DATA"
        )
    every = open_items(job.data, task="segmentation")
    found = [item for item in every if job.split in {item.split, "all"}]
    if not found:
        there = ", ".join(f"{split} {count}" for split, count in Counter(item.split for item in every).items())
        raise UsageError(
            f"{job.data}: no photos in the split {job.split} (there are: {there or 'none'})",
            remedy="name another --split, or --split all if nothing was trained on these pictures",
        )
    count = min(job.limit or len(found), len(found))
    return [found[index * len(found) // count] for index in range(count)]


def _photos(
    items: Sequence[Item], root: Path, bar: Bar, unreadable: list[tuple[str, PackshotError]]
) -> Iterator[LabelledPhoto]:
    """Read one after another; what cannot be read is named and noted."""
    from packshot.evaluation import LabelledPhoto

    for item in items:
        name = str(item.photo.relative_to(root) if item.photo.is_relative_to(root) else item.photo)
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
            click.echo(json.dumps({"name": name, "error": _fault(error)}))
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
    from packshot.batch import write_atomic
    from packshot.evaluation.report import render_report
    from packshot.version import __version__

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
        "unreadable": [{"name": name, "error": _fault(error)} for name, error in unreadable],
    }
    lines = "".join(json.dumps(asdict(score)) + "\n" for score in scores)
    write_atomic(job.out / "scores.jsonl", lines.encode())
    write_atomic(job.out / "summary.json", json.dumps(whole, indent=2).encode())
    write_atomic(job.out / "report.html", page.encode())
    click.echo(f"report: {job.out / 'report.html'}", err=job.as_json)


def _make_folder(out: Path) -> None:
    from packshot.durable.atomic import output_error

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(out, error) from error


def _fault(error: PackshotError) -> dict[str, str]:
    return {"code": error.code, "message": error.message, "remedy": error.remedy}
