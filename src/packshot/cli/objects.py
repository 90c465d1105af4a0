"""`packshot run` on URIs: from options to a run in shards, and what is printed of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from packshot.cli.folders import tell_record
from packshot.cli.printing import print_notes
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Progress
    from packshot.cli.flow import Flow
    from packshot.cli.run_options import Cluster

__all__ = ["run_objects"]


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
    from packshot.sharded.layout import LEASE
    from packshot.sharded.run import output_folder
    from packshot.sharded.skus import finishing
    from packshot.sharded.sources import as_uri
    from packshot.storage.objects import Lease

    _refuse(flow, decided_only=decided_only)
    planned = plan_workers(flow.jobs, 1_000_000, flow.settings)
    if planned.note:
        click.echo(planned.note, err=True)
    uris = [as_uri(source) for source in sources]
    # The lease is asked for first: a table of SKUs may be long, and a cluster takes its time.
    with Bar(None, unit="photo") as bar, Lease(output_folder(out), LEASE, tell=bar.write_line) as lease:
        finish = finishing(flow.names.sku, uris, flow.texts.wording(planned.settings))
        asked = cluster.engine_for(flow.jobs, flow.time_limit)
        engine = asked or choose_engine(planned.workers.jobs, time_limit_s=flow.time_limit)

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
            lease=lease,
        )
    print_notes(summary.passed_over)
    for line in [] if flow.as_json else summary.lines():
        click.echo(line)
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
