"""`packshot run` and `watch` on folders: from options to a batch, and what is printed of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from packshot.cli.printing import print_notes, print_row

if TYPE_CHECKING:
    from packshot.batch import Progress
    from packshot.batch.incoming import IncomingPhotos
    from packshot.cli.flow import Flow
    from packshot.cli.progress import Bar
    from packshot.engines import Engine
    from packshot.records import Record

__all__ = ["run_folders", "tell_record"]


def run_folders(
    flow: Flow,
    sources: Sequence[str],
    out: str,
    *,
    decided_only: bool = False,
    incoming: IncomingPhotos | None = None,
    engine: Engine | None = None,
) -> int:
    """Run one batch, print what became of it, and give the exit code.

    Args:
        flow: how photos become packshots.
        sources: files, folders or globs.
        out: the output folder.
        decided_only: as in `packshot.batch.RunOptions`.
        incoming: of the sources, where they are watched.
        engine: another one than worker processes of this machine.
    """
    from packshot.batch import Naming, RunOptions, Typed, passed_over_lines, run_batch
    from packshot.batch.expected import expected_photos
    from packshot.batch.words import consistency_lines, left_over_lines, summary_lines
    from packshot.batch.workers import plan_workers
    from packshot.catalogue.indexing.run_insert import catalogue_insert
    from packshot.cli.progress import Bar
    from packshot.description.finder import own_tree_gaps

    expected = expected_photos(sources, Path(out), decided_only=decided_only, incoming=incoming)
    watched = incoming is not None
    planned = plan_workers(
        flow.jobs, expected.photos, flow.settings, watched=watched, time_limit_s=flow.time_limit, engine=engine
    )
    settings, processing = planned.settings, flow.processing(planned.settings)
    print_notes(filter(None, [planned.note]))
    print_notes([] if settings.taxonomy is None else own_tree_gaps(settings))
    wording, naming = flow.texts.wording(settings), Naming.typed(flow.names.sku, flow.names.names)
    options = RunOptions(
        naming=naming,
        consistent=naming.grouping(flow.consistent),
        prune=flow.names.prune,
        typed=Typed(click.get_current_context().params, str(Path.cwd())),
        decided_only=decided_only,
        incoming=incoming,
    )
    with (
        Bar(expected.photos, unit="photo", before=expected.finished) as bar,
        catalogue_insert(flow.catalogue, out, processing.make_pipeline, settings=settings, tell=bar.write_line) as into,
    ):

        def progress(step: Progress) -> None:
            more = {} if into is None else into.insert(step.record)
            tell_record(step.record, bar, as_json=flow.as_json, more=more, resumed=step.resumed)

        summary = run_batch(
            sources,
            out,
            replace(processing, fingerprints=into is not None),
            options=options,
            workers=planned.workers,
            progress=progress,
            finish=wording,
        )
    print_notes((*passed_over_lines(expected.passed_over), *left_over_lines(summary), *consistency_lines(summary)))
    for line in [] if flow.as_json else [*summary_lines(summary), *([] if into is None else [into.words])]:
        click.echo(line)
    return summary.exit_code or (3 if into is not None and into.failed else 0)


def tell_record(
    record: Record,
    bar: Bar,
    *,
    as_json: bool,
    more: Mapping[str, object] = MappingProxyType({}),
    resumed: bool = False,
) -> None:
    """One more photo is done: what went wrong on stderr, and with ``--json`` its row.

    Args:
        record: of the photo.
        bar: of the run.
        as_json: whether rows are printed.
        more: of the row.
        resumed: whether an earlier run had done it.
    """
    from packshot.batch.words import failure_lines

    if resumed:
        bar.skip()
    else:
        bar.update()
    for line in failure_lines(record):
        bar.write_line(line)
    if as_json:
        print_row({**record.row(), **more}, "", as_json=True)
