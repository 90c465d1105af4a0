"""``packshot run``: the whole flow over a folder."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.composition import CompositionOptions, composition_options, load_typed_profiles
from packshot.cli.consistency import consistency_lines, consistent_from, consistent_option
from packshot.cli.naming import naming_from, naming_options
from packshot.cli.options import (
    json_option,
    limit_option,
    model_options,
    own_tree_options,
    settings_from,
    shared_threads,
    sources_argument,
    time_limit_option,
)
from packshot.cli.wording import wording_from, wording_options

if TYPE_CHECKING:
    from packshot.batch import Progress
    from packshot.catalogue.indexing.run_insert import CatalogueInsert
    from packshot.pipeline import Pipeline

__all__ = ["command"]

_FEW = 4  # photos that are done before worker processes would have started


@click.command(name="run")
@sources_argument
@click.option("-o", "--out", required=True, metavar="OUT", help="Folder for the results; repeat the command to resume.")
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="NAME|FILE,...",
    help="Marketplace profiles; a picture is made for each. [default: plain]",
)
@composition_options
@naming_options
@click.option(
    "-c", "--catalogue", metavar="CATALOGUE", help="Add finished photos to a catalogue, unless they are there."
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. [default: one per core]")
@time_limit_option
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
@click.option(
    "--decided-only", is_flag=True, help="Make anew only what persons corrected since; look for no new photos."
)
@consistent_option
@own_tree_options
@wording_options
@model_options
@limit_option
@json_option
def command(
    sources: tuple[str, ...],
    out: str,
    profiles: tuple[str, ...],
    picture: CompositionOptions,
    sku: str | None,
    names: tuple[str, ...],
    prune: bool,
    consistent: str | None,
    catalogue: str | None,
    jobs: int | None,
    time_limit: float,
    decided_only: bool,
    as_json: bool,
    languages: str,
    texts: str | None,
    threads: int | None,
    **options: Any,
) -> int:
    """Turn photos into packshots that meet a marketplace's rules, with a report of what still needs a person.

    OUT gets packshots/ cutouts/ masks/ heatmaps/ (each source's relative path kept), manifest.jsonl with all that was
    found, and report.html. Repeat the command to finish an interrupted run; what is done is not done twice.

    Of several profiles the first one has packshots/, each other one channels/PROFILE/; one that is added later gets its
    pictures from the cut-outs that are there. Options for the picture change it for every profile.

    What was decided with `packshot review` is obeyed: pictures of all profiles are made from the masks that persons
    corrected, and what they decided is not to be looked at again.

    With -c a picture that the catalogue has already, also mirrored, cropped or on another background, is named and left
    out.

    \b
    packshot run photos/ -o out/
    packshot run 'new/*.jpg' -o out/ --profile amazon
    packshot run photos/ -o out/ --profile amazon,ebay,zalando,shop.toml
    packshot run photos/ -o out/ --sku products.csv:gtin --name gs1
    packshot run photos/ -o out/ --background '#f4f4f4' --shadow 0.4 --format webp --max-kb 200
    packshot run photos/ -o out/ --model u2net.onnx --json > results.jsonl
    packshot run photos/ -o out/ --describe-model mine.onnx --precision 0.99
    packshot run arrivals/ -o out/ -c shop.catalogue
    """
    from packshot.batch import PassedOver, Typed, find_sources, passed_over_lines, run_batch
    from packshot.batch.memory import memory_budget, memory_plan
    from packshot.batch.pipeline import make_pipeline
    from packshot.batch.words import failure_lines, left_over_lines, summary_lines
    from packshot.cli.progress import Bar
    from packshot.engines import worker_count

    chosen, backdrop = picture.changed(load_typed_profiles(profiles))
    passed_over: list[PassedOver] = []
    count = len(find_sources(sources, out=Path(out), passed_over=passed_over))
    settings = settings_from(threads=threads, **options)
    memory = memory_budget(settings.memory_megabytes)
    jobs = worker_count(jobs, count, few=_FEW)
    plan = memory_plan(memory, limits=settings.limits)
    fitting = jobs if plan is None else plan.jobs(jobs)
    if plan is not None and fitting < jobs:
        room = f"{plan.budget / 1e6:.0f} MB of memory"
        click.echo(f"worker processes: {fitting} instead of {jobs}, to fit into {room}", err=True)
    settings = shared_threads(settings, fitting)
    if settings.taxonomy is not None:
        from packshot.description.finder import own_tree_gaps

        for line in own_tree_gaps(settings):
            click.echo(line, err=True)
    wording = wording_from(languages, texts, settings)
    today = date.today()  # asked once: a run past midnight keeps its day
    make = functools.partial(make_pipeline, settings, chosen, backdrop, today)
    with (
        Bar(count, unit="photo") as bar,
        _insert_into(catalogue, out, make, settings=settings, tell=bar.write_line) as into,
    ):

        def progress(step: Progress) -> None:
            bar.update()
            record, already = step.record, {}
            for line in failure_lines(record):
                bar.write_line(line)
            if record.error is None and into is not None and record.status != "rejected":
                already = {"already": into.insert(record)}
            if as_json:
                click.echo(json.dumps({**record.row(), **already}, default=str))

        summary = run_batch(
            sources,
            out,
            make,
            jobs=jobs,
            time_limit_s=time_limit,
            progress=progress,
            profiles=[profile.name for profile in chosen],
            naming=naming_from(sku, names),
            prune=prune,
            fingerprints=into is not None,
            memory=memory,
            limits=settings.limits,
            finish=wording,
            consistent=consistent_from(consistent, sku),
            typed=Typed(click.get_current_context().params, str(Path.cwd())),
            decided_only=decided_only,
        )
    for line in (*passed_over_lines(passed_over), *left_over_lines(summary), *consistency_lines(summary)):
        click.echo(line, err=True)
    if not as_json:
        for line in (*summary_lines(summary), *([] if into is None else [into.words])):
            click.echo(line)
    return summary.exit_code or (3 if into is not None and into.failed else 0)


def _insert_into(
    catalogue: str | None, out: str, make: Callable[[], Pipeline], **options: Any
) -> AbstractContextManager[CatalogueInsert | None]:
    if catalogue is None:
        return nullcontext()
    from packshot.catalogue.indexing.run_insert import catalogue_insert

    return catalogue_insert(catalogue, out, make, **options)
