"""``packshot leaderboard``: training runs in one table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.options import json_option
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.evaluation.leaderboard import Row

__all__ = ["command"]

_HEADER = (
    "name", "task", "metric", "start", "train", "validation", "holdout", "95 % interval", "parameters", "ms/photo",
    "epochs", "status", "date",
)  # fmt: skip
_WORDS = 4  # columns of words; the others are set flush right


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
    Exits 3 when a run's run.json is broken; it is named and left out.

    \b
    packshot leaderboard runs/
    packshot leaderboard runs/unet runs/tiramisu --sort ms -o leaderboard.html
    packshot leaderboard runs/basic-or-premium --chart models.svg
    """
    from packshot.batch import write_atomic
    from packshot.cli.table import aligned
    from packshot.evaluation.leaderboard import SortBy, find_runs, read_row, sort_rows
    from packshot.evaluation.model_chart import model_chart

    shape = Path(out).suffix.lower() if out else ""
    if out and shape not in {".html", *_SHAPES}:
        raise UsageError(
            f"-o {out}: expected a name ending in {', '.join(['.html', *_SHAPES])}", remedy="for example runs.html"
        )
    if chart and Path(chart).suffix.lower() != ".svg":
        raise UsageError(f"--chart {chart}: expected a name ending in .svg", remedy="for example --chart models.svg")
    rows, broken = [], 0
    for run in find_runs([Path(folder) for folder in folders]):
        try:
            rows.append(read_row(run))
        except UsageError as error:
            broken += 1
            click.echo(str(error), err=True)
    rows = sort_rows(rows, SortBy(sort))
    cells = [_cells(row) for row in rows]
    if as_json:
        for row in rows:
            click.echo(json.dumps(asdict(row)))
    elif rows:
        click.echo(aligned(_HEADER, cells, left=_WORDS))
    if len({(row.data, row.headline) for row in rows if row.data}) > 1:
        click.echo(
            "these runs were trained on different data or scored by different metrics: compare like with like", err=True
        )
    drawn = model_chart(rows) if rows else ""
    if out:
        text = _html(cells, drawn) if shape == ".html" else _SHAPES[shape](cells)
        write_atomic(Path(out), text.encode())
    if chart and rows:
        write_atomic(Path(chart), drawn.encode())
    return 3 if broken else 0


def _cells(row: Row) -> tuple[str, ...]:
    spread = "" if row.deviation is None else f" ± {row.deviation:.3f}"
    return (
        row.name,
        row.task,
        row.headline,
        row.start,
        _score(row.train),
        _score(row.validation) + spread,
        _score(row.holdout),
        f"{row.interval[0]:.3f}-{row.interval[1]:.3f}" if row.interval else "",
        "" if row.parameters is None else f"{row.parameters:,}",
        "" if row.ms_per_photo is None else f"{row.ms_per_photo:.0f}",
        "" if row.epochs is None else f"{row.epochs}",
        row.status,
        row.date,
    )


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _csv(cells: Sequence[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_HEADER, *cells])
    return text.getvalue()


def _markdown(cells: Sequence[tuple[str, ...]]) -> str:
    rule = ["---"] * _WORDS + ["---:"] * (len(_HEADER) - _WORDS)
    lines = [_HEADER, rule, *([cell.replace("|", "\\|") for cell in row] for row in cells)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _html(cells: Sequence[tuple[str, ...]], chart: str) -> str:
    def row(line: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in line) + "</tr>"

    body = "\n".join(row(line, "td") for line in cells)
    return _PAGE.format(words=_WORDS, head=row(_HEADER, "th"), body=body, chart=chart)


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Leaderboard · packshot</title>
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; --paper: #f6f5f2; --ink: #1f1e1b; --soft: #65615a; --line: #e2dfd8; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --paper: #171614; --ink: #eceae5; --soft: #a7a299; --line: #37352f; }}
}}
body {{ margin: 0; padding: clamp(1rem, 4vw, 3rem); background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }}
h1 {{ font-size: clamp(1.9rem, 5vw, 2.75rem); letter-spacing: -.03em; line-height: 1.1; margin: 0 0 1.5rem; }}
div {{ overflow-x: auto; }}
.chart {{ margin: 2.5rem 0 0 -12px; }}
.chart .models .paper {{ fill: none; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: .5rem 1.5rem .5rem 0; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }}
th {{ border: 0; color: var(--soft); font-weight: 400; font-size: .875rem; }}
:is(th, td):nth-child(-n+{words}) {{ text-align: left; }}
td:first-child, td:nth-child(6) {{ font-weight: 600; }}
@media (max-width: 40rem) {{
  th, td {{ padding-right: .9rem; }}
  :is(th, td):is(:nth-child(2), :nth-child(3)) {{ display: none; }}
}}
</style>
</head>
<body>
<h1>Leaderboard</h1>
<div tabindex="0">
<table>
<thead>{head}</thead>
<tbody>
{body}
</tbody>
</table>
</div>
<div tabindex="0" class="chart">
{chart}</div>
</body>
</html>
"""

_SHAPES = {".md": _markdown, ".csv": _csv}
