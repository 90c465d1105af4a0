"""``packshot run``: the whole flow over a folder."""

from __future__ import annotations

import functools
import json
import os
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.catalogue.door import door
from packshot.cli.options import Shadow, existing_file, json_option, model_options, settings_from, sources_argument
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Progress, Summary
    from packshot.pipeline import Pipeline
    from packshot.settings import Settings
    from packshot.specs import Composition

__all__ = ["command"]

_FEW = 4  # photos that are done before worker processes would have started


@click.command(name="run")
@sources_argument
@click.option("-o", "--out", required=True, metavar="OUT", help="Folder for the results; repeat the command to resume.")
@click.option("--profile", default="plain", show_default=True, metavar="NAME|FILE", help="Marketplace profile.")
@click.option("--size", metavar="WxH", help="Exact canvas in pixels, instead of the profile's.")
@click.option("--fill", type=click.FloatRange(0.05, 1.0), help="Share of the canvas the product takes.")
@click.option(
    "--fill-of", type=click.Choice(["side", "box", "area"]), help="What --fill is a share of. [default: side]"
)
@click.option("--margin", type=click.FloatRange(0, 0.49), help="Least distance to the edges, as a share.")
@click.option(
    "--position",
    type=click.Choice(["centre", "top", "bottom", "left", "right"]),
    help="Where the product stands. [default: the profile's]",
)
@click.option("--background", metavar="COLOUR", help="#rrggbb, transparent, or the path of a picture.")
@click.option(
    "--shadow",
    type=Shadow(),
    help="Strength of a drawn contact shadow, 0 is none; or photo, to keep the one that was photographed on a plain"
    " background. [default: the profile's]",
)
@click.option("--format", "file_format", type=click.Choice(["jpeg", "png", "webp", "avif"]), help="File to write.")
@click.option("--quality", type=click.IntRange(50, 100), help="Encoder quality.")
@click.option("--max-kb", type=click.IntRange(1), help="Largest file in kB (1000 bytes), met by lowering the quality.")
@click.option(
    "-c", "--catalogue", metavar="CATALOGUE", help="Take finished photos up into a catalogue, unless they are there."
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. [default: one per core]")
@click.option("--time-limit", type=click.FloatRange(1), default=60.0, show_default=True, help="Seconds for one photo.")
@click.option(
    "--describe-model",
    metavar="NAME|FILE|none",
    help="What says what is in a photo: a name `packshot models` shows, an ONNX file, or none. [default: describe]",
)
@click.option(
    "--precision",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="P",
    help="Share of categories and labels that should be right; else the parent is answered. [default: 0.95]",
)
@model_options
@json_option
def command(
    sources: tuple[str, ...],
    out: str,
    profile: str,
    catalogue: str | None,
    jobs: int | None,
    time_limit: float,
    as_json: bool,
    describe_model: str | None,
    precision: float | None,
    model: str | None,
    matte: str | None,
    subject: str | None,
    several: str | None,
    provider: str | None,
    threads: int | None,
    allow_non_commercial: bool,
    **look: Any,
) -> int:
    """Turn photos into packshots that meet a marketplace's rules, with a report of what still needs a person.

    OUT gets packshots/ cutouts/ masks/ heatmaps/ (each source's relative path kept), manifest.jsonl with all that was
    found, and report.html. Repeat the command to finish an interrupted run; what is done is not done twice. With -c a
    picture that the catalogue has already, also mirrored, cropped or on another ground, is named and left out of it.

    \b
    packshot run photos/ -o out/
    packshot run 'new/*.jpg' -o out/ --profile amazon
    packshot run photos/ -o out/ --background '#f4f4f4' --shadow 0.4 --format webp --max-kb 200
    packshot run photos/ -o out/ --model u2net.onnx --json > results.jsonl
    packshot run photos/ -o out/ --describe-model mine.onnx --precision 0.99
    packshot run arrivals/ -o out/ -c shop.catalogue
    """
    from packshot.batch import find_sources, run_batch
    from packshot.marketplace import load_profile

    chosen = load_profile(profile)
    composition, backdrop = _composition(chosen.composition, **look)
    count = len(find_sources(sources, out=_path(out)))
    jobs = jobs or (1 if count <= _FEW else os.cpu_count() or 1)
    settings = settings_from(
        model=model,
        describe_model=describe_model,
        precision=precision,
        matte=matte,
        subject=subject,
        several=several,
        provider=provider,
        threads=threads or max(1, (os.cpu_count() or 1) // jobs),
        allow_non_commercial=allow_non_commercial,
    )
    make = functools.partial(_make_pipeline, profile, settings, composition, backdrop)
    with _bar(count) as bar, door(catalogue, out, make, tell=bar.write_line) as arrivals:

        def progress(step: Progress) -> None:
            bar.update()
            row = step.record
            if step.record["status"] == "failed":
                error = step.record["error"]
                bar.write_line(f"{error['message']}: {error['remedy']}")
            elif arrivals is not None:
                row = {**row, "already": arrivals.take(step.record)}
            if as_json:
                click.echo(json.dumps(row))

        summary = run_batch(sources, out, make, jobs=jobs, time_limit_s=time_limit, progress=progress, profile=profile)
    if not as_json:
        _tell(summary)
        if arrivals is not None:
            click.echo(arrivals.words)
    return summary.exit_code or (3 if arrivals is not None and arrivals.failed else 0)


def _path(out: str) -> Any:
    from pathlib import Path

    return Path(out)


def _make_pipeline(profile: str, settings: Settings, composition: Composition, backdrop: str | None) -> Pipeline:
    import cv2

    from packshot.photo import decode
    from packshot.pipeline import Pipeline

    cv2.setNumThreads(settings.threads)
    picture = None if backdrop is None else decode(backdrop, limits=settings.limits).rgb
    return Pipeline(profile=profile, settings=settings, composition=composition, backdrop=picture)


def _composition(
    base: Composition,
    *,
    size: str | None,
    fill: float | None,
    fill_of: str | None,
    margin: float | None,
    position: str | None,
    background: str | None,
    shadow: float | str | None,
    file_format: str | None,
    quality: int | None,
    max_kb: int | None,
) -> tuple[Composition, str | None]:
    """The profile's composition with the options that were given, and the backdrop's path."""
    from pydantic import ValidationError

    from packshot.specs import Composition

    backdrop = None
    if background is not None and not (background.startswith("#") or background == "transparent"):
        backdrop, background = str(existing_file(background)), "picture"
    changes: dict[str, Any] = {
        "size": _size(size),
        "fill": fill,
        "fill_of": fill_of,
        "margin": margin,
        "anchor": position,
        "background": background,
        "shadow": shadow,
        "format": file_format or ("png" if background == "transparent" else None),
        "quality": quality,
        "max_bytes": None if max_kb is None else max_kb * 1000,
    }
    changes = {key: value for key, value in changes.items() if value is not None}
    values = base.model_dump(exclude_unset=True)
    if "size" in changes:
        drop = {"aspect", "longest_side", "keep_frame", "min_longest", "max_longest", "min_shortest"}
        values = {key: value for key, value in values.items() if key not in drop}
    if changes.keys() & {"fill", "margin"}:
        values = {k: v for k, v in values.items() if k not in {"fill", "margin", "margin_pixels", "keep_frame"}}
    try:
        return Composition.model_validate({**values, **changes}), backdrop
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "composition"
        raise UsageError(f"{name}: {first['msg']}", remedy="see `packshot run --help`") from error


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise UsageError(f"--size: expected WIDTHxHEIGHT in pixels, got {text!r}", remedy="for example 2000x2000")
    return int(width), int(height)


def _bar(total: int) -> Any:
    from packshot.cli.progress import Bar

    return Bar(total, unit="photo")


def _tell(summary: Summary) -> None:
    rate = (summary.total - summary.resumed) / summary.seconds if summary.seconds else 0.0
    click.echo(
        f"{summary.total} photos: {summary.ok} ok, {summary.review} to review, {summary.failed} failed"
        f" ({summary.resumed} already done, {summary.seconds:.1f} s, {rate:.1f} photos/s)"
    )
    click.echo(f"report: {summary.report}")
