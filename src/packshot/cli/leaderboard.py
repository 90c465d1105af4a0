"""``packshot leaderboard``: training runs in one table."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Literal

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.files import required_suffix
from packshot.cli.options import JSON
from packshot.cli.printing import print_notes, print_table

__all__ = ["command"]


@packshot_command("leaderboard")
def command(
    folders: tuple[Path, ...] = argument("RUNS..."),
    sort: Literal["validation", "holdout", "ms", "parameters"] = option(
        "--sort", default="validation", help="What the best is first by."
    ),
    out: str | None = option("-o", "--out", metavar="FILE", help="Also write the table: .html, .md or .csv."),
    chart: str | None = option(
        "--chart", metavar="FILE.svg", help="Also draw scores with intervals, parameters and times."
    ),
    curves: str | None = option(
        "--curves", metavar="FILE.svg", help="Also draw the learning curves of all runs over each other."
    ),
    roc: str | None = option(
        "--roc", metavar="FILE.svg", help="Also draw the ROC curves of all runs that answer yes or no."
    ),
    as_json: bool = JSON,
) -> int:
    """Compare the training runs in some folders, searched to any depth.

    Rows are sorted by validation score. Do not choose by holdout: the winner's score there would be too high by the
    luck it was chosen for, and nothing would be left to report. Cross-validations show mean ± deviation over the folds.
    The column start says what the weights were before training: scratch, ImageNet's, or a file.

    The charts are SVGs for a browser or a document; the .html table has the first as well. --curves names the runs
    that diverged: whose loss is no number any more, or ended above its beginning. --roc takes the holdout where all
    have one.
    A run whose process is gone without a word is killed: the command that began it goes on with it.
    Exits 3 when a run's run.json is broken; it is named and left out.

    \b
    packshot leaderboard runs/
    packshot leaderboard runs/unet runs/tiramisu --sort ms -o leaderboard.html
    packshot leaderboard runs/basic-or-premium --chart models.svg --roc roc.svg
    packshot leaderboard runs/decays --curves decays.svg
    """
    from packshot.evaluation.leaderboard import SortBy, comparable, read_rows
    from packshot.storage import write_atomic
    from packshot.web.leaderboard import FORMATS, HEADER, WORDS, leaderboard_cells
    from packshot.web.model_chart import model_chart
    from packshot.web.run_curves import curves_of_runs, roc_of_runs

    write = FORMATS[required_suffix("-o", out, *FORMATS)] if out else None
    for name, file in (("--chart", chart), ("--curves", curves), ("--roc", roc)):
        if file:
            required_suffix(name, file, ".svg")
    rows, broken = read_rows(folders, SortBy(sort))
    print_notes(map(str, broken))
    print_table(map(asdict, rows), HEADER, list(map(leaderboard_cells, rows)), left=WORDS, as_json=as_json)
    if not comparable(rows):
        click.echo(
            "these runs were trained on different data or scored by different metrics: compare like with like", err=True
        )
    if out and write is not None:
        write_atomic(Path(out), write(rows).encode())
    if chart and rows:
        write_atomic(Path(chart), model_chart(rows).encode())
    if curves and rows:
        drawn, diverged = curves_of_runs(rows)
        print_notes(diverged)
        write_atomic(Path(curves), drawn.encode())
    if roc and rows:
        write_atomic(Path(roc), roc_of_runs(rows).encode())
    return 3 if broken else 0
