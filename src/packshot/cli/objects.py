"""`packshot run` on URIs: from options to a run in shards, and what is printed of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from packshot.cli.folders import tell_record
from packshot.cli.printing import print_notes, print_row
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Progress
    from packshot.cli.flow import Flow
    from packshot.cli.run_options import Cluster
    from packshot.records import Record
    from packshot.settings import Settings

__all__ = ["any_object", "in_shards", "run_duplicates", "run_objects"]


def any_object(sources: Sequence[str]) -> bool:
    """Whether a source is a URI."""
    from packshot.storage.objects import is_object_uri

    return any(map(is_object_uri, sources))


def in_shards(sources: Sequence[str], out: str) -> bool:
    """Whether a run is one in shards: something of it is a URI, or a table of URIs."""
    from packshot.sharded.sources import as_uri
    from packshot.sharded.tables import is_table

    return any_object((*sources, out)) or any(is_table(as_uri(source)) for source in sources)


def run_objects(flow: Flow, cluster: Cluster, sources: Sequence[str], out: str, *, decided_only: bool) -> int:
    """Run on URIs, print what became of it, and give the exit code.

    Args:
        flow: how photos become packshots.
        cluster: where the work is done.
        sources: URIs or paths.
        out: URI or path of the output folder.
        decided_only: was asked for.

    Raises:
        UsageError: an option needs a folder on this machine's disk.
    """
    from packshot.batch.workers import plan_workers
    from packshot.cli.progress import Bar
    from packshot.engines import choose_engine
    from packshot.sharded import run_sharded
    from packshot.sharded.sources import as_uri

    _refuse(flow, decided_only=decided_only)
    planned = plan_workers(flow.jobs, 1_000_000, flow.settings)
    if planned.note:
        click.echo(planned.note, err=True)
    finish = _finish(flow, planned.settings, [as_uri(source) for source in sources])
    asked = cluster.engine_for(flow.jobs, flow.time_limit)
    engine = asked or choose_engine(planned.workers.jobs, time_limit_s=flow.time_limit)
    with Bar(None, unit="photo") as bar:

        def progress(step: Progress) -> None:
            tell_record(step.record, bar, as_json=flow.as_json, resumed=step.resumed)

        summary = run_sharded(
            sources,
            out,
            flow.processing(planned.settings),
            engine=engine,
            progress=progress,
            finish=finish,
            tell=bar.write_line,
        )
    print_notes(summary.passed_over)
    for line in [] if flow.as_json else summary.lines():
        click.echo(line)
    return summary.exit_code


def _finish(flow: Flow, settings: Settings, uris: Sequence[str]) -> Callable[[Record], Record] | None:
    """What is added to a photo's record when the manifest is written: its SKU, then its texts."""
    from packshot.sharded.skus import sku_rule

    wording = flow.texts.wording(settings)
    if flow.names.sku is None:
        return wording
    with_sku = sku_rule(flow.names.sku, uris)
    if wording is None:
        return with_sku
    return lambda record: wording(with_sku(record))


def run_duplicates(sources: Sequence[str], settings: Settings, *, other: Mapping[str, object], as_json: bool) -> int:
    """Print the duplicates of a run in shards, and give the exit code.

    Args:
        sources: one URI of an output folder.
        settings: of the decoder.
        other: options that were given, which only photos on a disk have.
        as_json: print lines of JSON.

    Raises:
        UsageError: there are several sources, or an option does not apply.
    """
    from packshot.batch.memory import memory_budget
    from packshot.cli.progress import Bar
    from packshot.duplicates import group_words
    from packshot.sharded.duplicates import FoundGroup, find_run_duplicates
    from packshot.storage.encodable import printable

    if len(sources) > 1:
        raise UsageError(
            "a run in a bucket is looked through alone", remedy="name one URI: packshot duplicates s3://shop/out"
        )
    given = next((option for option, value in other.items() if value is not None), None)
    if given is not None:
        raise UsageError(
            f"{given} is for photos on a disk; of a run in a bucket the groups are shown in its report",
            remedy="leave it out, and open report/duplicates.html",
        )

    def tell(row: FoundGroup) -> None:
        print_row(row, f"group {row['group']}\t{group_words(row, printable)}", as_json=as_json)

    with Bar(None, unit="pair") as bar:
        summary = find_run_duplicates(
            sources[0],
            limits=settings.limits,
            memory=memory_budget(settings.memory_megabytes),
            found=tell,
            progress=bar.update,
            tell=bar.write_line,
        )
    for source, error in summary.failed.items():
        click.echo(error.about(printable(source)), err=True)
        print_row({"source": source, "error": error.to_dict()}, "", as_json=as_json)
    click.echo(summary.words(), err=True)
    return summary.exit_code


def _refuse(flow: Flow, *, decided_only: bool) -> None:
    asked = {
        "--decided-only": decided_only,
        "-c": flow.catalogue,
        "--name": flow.names.names,
        "--prune": flow.names.prune,
        "--consistent": flow.consistent,
    }
    given = next((option for option, value in asked.items() if value), None)
    if given is not None:
        raise UsageError(
            f"{given} needs an output folder on this machine's disk, for it looks at all photos together",
            remedy="leave it out, or name folders instead of URIs",
        )
