"""The table of training runs, as words for a terminal, Markdown, CSV or a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from markupsafe import Markup

from packshot.evaluation.leaderboard import Row
from packshot.storage.encodable import encodable
from packshot.web.model_chart import model_chart
from packshot.web.rendering import render

__all__ = [
    "FORMATS",
    "HEADER",
    "WORDS",
    "leaderboard_cells",
    "leaderboard_csv",
    "leaderboard_html",
    "leaderboard_markdown",
]

HEADER = (
    "run", "name", "task", "metric", "start", "train", "validation", "holdout", "95 % interval", "parameters",
    "ms/photo", "epochs", "status", "date",
)  # fmt: skip
"""Titles of the columns."""

WORDS = 5
"""How many of the first columns are words; the others are set flush right."""


def leaderboard_cells(row: Row) -> tuple[str, ...]:
    """One run, a text for each title of `HEADER`; empty where nothing is known."""
    spread = "" if row.deviation is None else f" ± {row.deviation:.3f}"
    return (
        row.run,
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


def leaderboard_csv(rows: Sequence[Row]) -> str:
    """The runs as CSV, a header first."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *map(leaderboard_cells, rows)])
    return encodable(text.getvalue())


def leaderboard_markdown(rows: Sequence[Row]) -> str:
    """The runs as a table in Markdown."""
    rule = ["---"] * WORDS + ["---:"] * (len(HEADER) - WORDS)
    cells = ([cell.replace("|", "\\|") for cell in leaderboard_cells(row)] for row in rows)
    return encodable("".join("| " + " | ".join(line) + " |\n" for line in (HEADER, rule, *cells)))


def leaderboard_html(rows: Sequence[Row]) -> str:
    """The runs as a page, with the chart below the table; see `model_chart`."""
    return render(
        "leaderboard.html.jinja",
        header=HEADER,
        rows=[leaderboard_cells(row) for row in rows],
        chart=Markup(model_chart(rows)) if rows else "",  # noqa: S704 - escapes names itself
    )


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


#: End of a file's name to what writes such a file.
FORMATS = {".html": leaderboard_html, ".md": leaderboard_markdown, ".csv": leaderboard_csv}
