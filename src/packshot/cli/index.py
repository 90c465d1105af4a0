"""``packshot index``: photos into the catalogue."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.catalogue.options import catalogue_option, ground_option, store_at
from packshot.cli.each import named
from packshot.cli.options import (
    describe_model_option,
    jobs_option,
    json_option,
    limit_option,
    root_option,
    settings_from,
    shared_threads,
    sources_argument,
    threads_option,
    time_limit_option,
)
from packshot.cli.pipeline import make_pipeline

if TYPE_CHECKING:
    from packshot.catalogue.indexing import IndexProgress, IndexSummary

__all__ = ["command"]


@click.command(name="index")
@sources_argument
@catalogue_option
@ground_option("What products stand on in the catalogue, the same for all. [default: photo]")
@click.option("--again", is_flag=True, help="Embed photos anew that are in the catalogue already.")
@root_option
@jobs_option
@time_limit_option
@describe_model_option
@threads_option
@limit_option
@json_option
def command(
    sources: tuple[str, ...],
    catalogue: str,
    ground: str | None,
    again: bool,
    root: str,
    jobs: int | None,
    time_limit: float,
    describe_model: str | None,
    threads: int | None,
    max_megapixels: float | None,
    as_json: bool,
) -> int:
    """Add photos to a catalogue, to be found again by `packshot search`.

    SRC are photos, folders or globs; the folder `packshot run` wrote to gives its photos with all that was found.
    Repeat the command to go on where it was stopped, or to add what is new: a file that is in the catalogue is not
    embedded again. Products stand on their photo's own ground; for photos taken on beds and floors --ground white cuts
    every product out first.

    \b
    packshot index photos/ -c shop.catalogue
    packshot run photos/ -o out/ && packshot index out/ -c shop.catalogue
    packshot index 'new/*.jpg' -c s3://bucket/shop --json > indexed.jsonl
    """
    from packshot.batch.memory import memory_budget
    from packshot.catalogue.indexing import Background, index_photos
    from packshot.cli.progress import Bar
    from packshot.machine import usable_cores
    from packshot.photo import printable

    settings = settings_from(max_megapixels=max_megapixels, describe_model=describe_model, threads=threads)
    settings = shared_threads(settings, jobs or usable_cores())
    with store_at(catalogue, create=True) as store, Bar(None, unit="photo") as bar:

        def tell(step: IndexProgress) -> None:
            bar.update()
            if step.error is not None:
                bar.write_line(named(printable(step.source), step.error))
            if as_json:
                error = None if step.error is None else step.error.to_dict()
                click.echo(json.dumps({"source": step.source, "id": step.id, "status": step.status, "error": error}))

        summary = index_photos(
            sources,
            store,
            functools.partial(make_pipeline, settings),
            background=Background(ground or Background.PHOTO),
            jobs=jobs,
            time_limit_s=time_limit,
            again=again,
            root=Path(root),
            memory=memory_budget(settings.memory_megabytes),
            limits=settings.limits,
            progress=tell,
        )
        if not as_json:
            _tell(summary, catalogue, store.count())
    return summary.exit_code


def _tell(summary: IndexSummary, catalogue: str, items: int) -> None:
    done = summary.upserted
    click.echo(
        f"{summary.total} photos: {done.added} added, {done.updated} updated, {summary.known + done.unchanged} known, "
        f"{summary.failed} failed ({summary.seconds:.1f} s)"
    )
    click.echo(f"{catalogue}: {items} items")
