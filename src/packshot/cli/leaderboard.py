"""``packshot leaderboard``: training runs in one table."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from packshot.cli.files import required_suffix
from packshot.cli.options import json_option
from packshot.errors import UsageError

__all__ = ["command"]


@click.command(name="leaderboard")
@click.argument("folders", nargs=-1, required=True, metavar="RUNS...")
@click.option(
    "--sort",
    type=click.Choice(["validation", "holdout", "ms", "parameters"]),
    default="validation",
    show_default=True,
    help="What the best is first by.",
)
@click.option("-o", "--out", metavar="FILE", help="Also write the table: .html, .md or .csv.")
@click.option("--chart", metavar="FILE.svg", help="Also draw scores with intervals, parameters and times.")
@json_option
def command(folders: tuple[str, ...], sort: str, out: str | None, chart: str | None, as_json: bool) -> int:
    """Compare the training runs in some folders, searched to any depth.

    Rows are sorted by validation score. Do not choose by holdout: the winner's score there would be too high by the
    luck it was chosen for, and nothing would be left to report. Cross-validations show mean ± deviation over the folds.
    The column start says what the weights were before training: scratch, ImageNet's, or a file.

    The chart is an SVG for a browser or a document; the .html table has it as well.
    A run whose process is gone without a word is killed: the command that began it goes on with it.
    Exits 3 when a run's run.json is broken; it is named and left out.

    \b
    packshot leaderboard runs/
    packshot leaderboard runs/unet runs/tiramisu --sort ms -o leaderboard.html
    packshot leaderboard runs/basic-or-premium --chart models.svg
    """
    from packshot.batch import write_atomic
    from packshot.cli.table import aligned
    from packshot.evaluation.leaderboard import SortBy, find_runs, read_row, sort_rows
    from packshot.web import leaderboard as page
    from packshot.web.model_chart import model_chart

    formats = {".html": page.leaderboard_html, ".md": page.leaderboard_markdown, ".csv": page.leaderboard_csv}
    write = formats[required_suffix("-o", out, *formats)] if out else None
    if chart:
        required_suffix("--chart", chart, ".svg")
    rows, broken = [], 0
    for run in find_runs([Path(folder) for folder in folders]):
        try:
            rows.append(read_row(run))
        except UsageError as error:
            broken += 1
            click.echo(str(error), err=True)
    rows = sort_rows(rows, SortBy(sort))
    if as_json:
        for row in rows:
            click.echo(json.dumps(asdict(row)))
    elif rows:
        click.echo(aligned(page.HEADER, [page.leaderboard_cells(row) for row in rows], left=page.WORDS))
    if len({(row.data, row.headline) for row in rows if row.data}) > 1:
        click.echo(
            "these runs were trained on different data or scored by different metrics: compare like with like", err=True
        )
    if out and write is not None:
        write_atomic(Path(out), write(rows).encode())
    if chart and rows:
        write_atomic(Path(chart), model_chart(rows).encode())
    return 3 if broken else 0
