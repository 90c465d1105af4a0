"""``packshot run``: the whole flow over a folder."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import option, packshot_command
from packshot.cli.options import JSON, MEGAPIXELS, SOURCES, TIME_LIMIT, Network, OwnTree, settings_from
from packshot.cli.printing import print_row
from packshot.cli.run_options import Describing, Names, Picture, Texts

if TYPE_CHECKING:
    from packshot.batch import Progress

__all__ = ["command"]

_FEW = 4  # photos that are done before worker processes would have started


@packshot_command("run")
def command(
    *,
    sources: tuple[str, ...] = SOURCES,
    out: str = option("-o", "--out", metavar="OUT", help="Folder for the results; repeat the command to resume."),
    profiles: tuple[str, ...] = option(
        "--profile",
        metavar="NAME|FILE,...",
        help="Marketplace profiles; a picture is made for each. [default: plain]",
    ),
    picture: Picture,
    names: Names,
    catalogue: str | None = option(
        "-c", "--catalogue", metavar="CATALOGUE", help="Add finished photos to a catalogue, unless they are there."
    ),
    jobs: int | None = option("--jobs", type=click.IntRange(1, 256), help="Worker processes. [default: one per core]"),
    time_limit: float = TIME_LIMIT,
    describing: Describing,
    decided_only: bool = option(
        "--decided-only", help="Make anew only what persons corrected since; look for no new photos."
    ),
    consistent: Literal["sku", "category"] | None = option(
        "--consistent",
        help="Bring the pictures of a product, or of a category, to one size, base line and (a product's) light.",
    ),
    own_tree: OwnTree,
    texts: Texts,
    network: Network,
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
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
    from packshot.batch import Naming, PassedOver, Typed, find_sources, passed_over_lines, run_batch, sources_left
    from packshot.batch.memory import memory_budget, workers_that_fit
    from packshot.batch.pipeline import make_pipeline
    from packshot.batch.words import consistency_lines, failure_lines, left_over_lines, summary_lines
    from packshot.catalogue.indexing.run_insert import catalogue_insert
    from packshot.cli.progress import Bar
    from packshot.description.finder import own_tree_gaps
    from packshot.engines import worker_count

    chosen, backdrop = picture.profiles(profiles)
    passed_over: list[PassedOver] = []
    if decided_only:
        count = len(sources_left(sources, out=Path(out)))
    else:
        count = len(find_sources(sources, out=Path(out), passed_over=passed_over))
    settings = settings_from(network, describing, own_tree, max_megapixels=max_megapixels)
    memory, jobs = memory_budget(settings.memory_megabytes), worker_count(jobs, count, few=_FEW)
    fitting, note = workers_that_fit(jobs, memory, limits=settings.limits)
    settings = settings.shared_between(fitting)
    for line in [*filter(None, [note]), *([] if settings.taxonomy is None else own_tree_gaps(settings))]:
        click.echo(line, err=True)
    wording, naming = texts.wording(settings), Naming.typed(names.sku, names.names)
    alike = naming.grouping(consistent)
    # The day is asked once: a run past midnight keeps it.
    make = functools.partial(make_pipeline, settings, chosen, backdrop, date.today())
    with (
        Bar(count, unit="photo") as bar,
        catalogue_insert(catalogue, out, make, settings=settings, tell=bar.write_line) as into,
    ):

        def progress(step: Progress) -> None:
            bar.update()
            record, already = step.record, {}
            for line in failure_lines(record):
                bar.write_line(line)
            if record.error is None and into is not None and record.status != "rejected":
                already = {"already": into.insert(record)}
            if as_json:
                print_row({**record.row(), **already}, "", as_json=True)

        summary = run_batch(
            sources,
            out,
            make,
            jobs=jobs,
            time_limit_s=time_limit,
            progress=progress,
            profiles=[profile.name for profile in chosen],
            naming=naming,
            prune=names.prune,
            fingerprints=into is not None,
            memory=memory,
            limits=settings.limits,
            finish=wording,
            consistent=alike,
            typed=Typed(click.get_current_context().params, str(Path.cwd())),
            decided_only=decided_only,
        )
    for line in (*passed_over_lines(passed_over), *left_over_lines(summary), *consistency_lines(summary)):
        click.echo(line, err=True)
    for line in [] if as_json else [*summary_lines(summary), *([] if into is None else [into.words])]:
        click.echo(line)
    return summary.exit_code or (3 if into is not None and into.failed else 0)
