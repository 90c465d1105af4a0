"""What ``packshot run`` and ``packshot watch`` have in common: the options of the flow, and one batch of it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import option
from packshot.cli.options import JSON, MEGAPIXELS, TIME_LIMIT, Network, OwnTree, settings_from
from packshot.cli.picture_options import Picture
from packshot.cli.printing import print_row
from packshot.cli.run_options import Describing, Names, Texts

if TYPE_CHECKING:
    from packshot.batch import Progress
    from packshot.batch.arrivals import Arrivals
    from packshot.engines import Engine
    from packshot.settings import Settings

__all__ = ["Flow"]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """How photos become packshots."""

    profiles: tuple[str, ...] = option(
        "--profile",
        metavar="NAME|FILE,...",
        help="Marketplace profiles; a picture is made for each. [default: plain]",
    )
    picture: Picture
    names: Names
    catalogue: str | None = option(
        "-c", "--catalogue", metavar="CATALOGUE", help="Add finished photos to a catalogue, unless they are there."
    )
    jobs: int | None = option("--jobs", type=click.IntRange(1, 256), help="Worker processes. [default: one per core]")
    time_limit: float = TIME_LIMIT
    describing: Describing
    consistent: Literal["sku", "category"] | None = option(
        "--consistent",
        help="Bring the pictures of a product, or of a category, to one size, base line and (a product's) light.",
    )
    own_tree: OwnTree
    texts: Texts
    network: Network
    max_megapixels: float | None = MEGAPIXELS
    as_json: bool = JSON

    @property
    def settings(self) -> Settings:
        """Settings of the environment, overridden by the options that were given.

        Raises:
            UsageError: a value is wrong.
        """
        return settings_from(self.network, self.describing, self.own_tree, max_megapixels=self.max_megapixels)

    def check(self) -> None:
        """See that the options make sense before any photo is there.

        Raises:
            UsageError: they do not.
        """
        from packshot.batch import Naming

        self.picture.profiles(self.profiles)
        self.texts.wording(self.settings)
        Naming.typed(self.names.sku, self.names.names).grouping(self.consistent)

    def run(
        self,
        sources: Sequence[str],
        out: str,
        *,
        decided_only: bool = False,
        arrivals: Arrivals | None = None,
        engine: Engine | None = None,
    ) -> int:
        """Run one batch, print what became of it, and give the exit code.

        Args:
            sources: files, folders or globs.
            out: the output folder.
            decided_only: as in `packshot.batch.run_batch`.
            arrivals: of the sources, where they are watched.
            engine: another one than worker processes of this machine.
        """
        from packshot.batch import Naming, PassedOver, Typed, find_sources, passed_over_lines, run_batch, sources_left
        from packshot.batch.pipeline import make_pipeline
        from packshot.batch.words import consistency_lines, failure_lines, left_over_lines, summary_lines
        from packshot.batch.workers import plan_workers
        from packshot.catalogue.indexing.run_insert import catalogue_insert
        from packshot.cli.progress import Bar
        from packshot.description.finder import own_tree_gaps

        chosen, backdrop = self.picture.profiles(self.profiles)
        passed_over: list[PassedOver] = []
        if arrivals is not None:
            count = len(arrivals.new)
        elif decided_only:
            count = len(sources_left(sources, out=Path(out)))
        else:
            count = len(find_sources(sources, out=Path(out), passed_over=passed_over))
        watched = arrivals is not None
        workers = plan_workers(self.jobs, count, self.settings, watched=watched, time_limit_s=self.time_limit)
        settings = workers.settings
        for line in [*filter(None, [workers.note]), *([] if settings.taxonomy is None else own_tree_gaps(settings))]:
            click.echo(line, err=True)
        wording, naming = self.texts.wording(settings), Naming.typed(self.names.sku, self.names.names)
        alike = naming.grouping(self.consistent)
        # The day is asked once: a run past midnight keeps it.
        make = functools.partial(make_pipeline, settings, chosen, backdrop, date.today())
        with (
            Bar(count, unit="photo") as bar,
            catalogue_insert(self.catalogue, out, make, settings=settings, tell=bar.write_line) as into,
        ):

            def progress(step: Progress) -> None:
                bar.update()
                record, already = step.record, {}
                for line in failure_lines(record):
                    bar.write_line(line)
                if record.error is None and into is not None and record.status != "rejected":
                    already = {"already": into.insert(record)}
                if self.as_json:
                    print_row({**record.row(), **already}, "", as_json=True)

            summary = run_batch(
                sources,
                out,
                make,
                jobs=workers.jobs,
                time_limit_s=self.time_limit,
                progress=progress,
                profiles=[profile.name for profile in chosen],
                naming=naming,
                prune=self.names.prune,
                fingerprints=into is not None,
                memory=workers.memory,
                limits=settings.limits,
                finish=wording,
                consistent=alike,
                typed=Typed(click.get_current_context().params, str(Path.cwd())),
                decided_only=decided_only,
                arrivals=arrivals,
                engine=engine or workers.engine,
            )
        for line in (*passed_over_lines(passed_over), *left_over_lines(summary), *consistency_lines(summary)):
            click.echo(line, err=True)
        for line in [] if self.as_json else [*summary_lines(summary), *([] if into is None else [into.words])]:
            click.echo(line)
        return summary.exit_code or (3 if into is not None and into.failed else 0)
