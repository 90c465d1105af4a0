"""``packshot review list | show | log | stats``: nothing is written but the file that was asked for."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.files import existing_file
from packshot.cli.options import JSON, ROOT
from packshot.cli.printing import print_row, print_table
from packshot.cli.review.options import OUT, PHOTOS, Which, reviewed
from packshot.counting import counted

__all__ = ["list_", "log", "show", "stats"]


@packshot_command("list")
def list_(
    *,
    out: str = OUT,
    photos: tuple[str, ...] = PHOTOS,
    which: Which,
    top: int | None = option(
        "--top", type=click.IntRange(min=1), help="Show only so many. [default: 20; with --json, all]"
    ),
    everything: bool = option("--all", help="Show also what is decided."),
    values: str | None = option(
        "--values", metavar="FILE", help="CSV `source,value`: a price or views, by which the order is weighed."
    ),
    as_json: bool = JSON,
) -> None:
    """What to look at, the most valuable first: value = price x (3 review + rules + mask + category + frame).

    docs/how-to/review.md says what each of them is. What --why takes stands in brackets behind a reason.
    State `stale` means: decided, but on a result that a later run
    replaced. A run need not be finished: what it has done so far is listed.

    \b
    packshot review list out/
    packshot review list out/ 'shirts/*' --why mask --all
    packshot review list out/ --values prices.csv --top 50
    packshot review list out/ --all --json
    """
    from packshot.review import read_prices, select
    from packshot.review.rows import case_row
    from packshot.review.words import case_table, queue_words

    table = existing_file(values)
    review = reviewed(out, prices=None if table is None else read_prices(table))
    if unknown := review.unknown_prices:
        some = ", ".join(unknown[:3])
        click.echo(
            f"{counted(len(unknown), 'line')} of {values} {'names' if len(unknown) == 1 else 'name'} "
            f"no photo of this run, or several: {some}",
            err=True,
        )
    cases = select(review, which.selection(photos, decided=everything))
    shown = cases[: top or (None if as_json else 20)]
    print_table((case_row(case, review) for case in shown), *case_table(shown), left=5, as_json=as_json)
    click.echo(queue_words(cases, shown=len(shown)), err=True)


@packshot_command("show")
def show(
    out: str = OUT,
    source: str = argument("SOURCE"),
    overlay: str | None = option(
        "--overlay", metavar="FILE", help="Write a PNG: the mask on the photo, with rulers to draw strokes by."
    ),
    root: str = ROOT,
    as_json: bool = JSON,
) -> None:
    """All about one photo: what the run says, where its files lie, and who decided what.

    \b
    packshot review show out/ shirt.jpg
    packshot review show out/ shirt.jpg --overlay look.png
    """
    from packshot.review.masks import overlay_png
    from packshot.review.rows import whole_row
    from packshot.review.words import case_words
    from packshot.storage import write_result

    review = reviewed(out, root=root)
    case = review.case(source)
    if overlay is not None:
        write_result(Path(overlay), overlay_png(review, case.source))
    row = {**whole_row(case, review), "overlay": overlay}
    print_row(row, case_words(case, review, overlay=overlay), as_json=as_json)


@packshot_command("stats")
def stats(out: str = OUT, as_json: bool = JSON) -> None:
    """How many photos are to be looked at, what was decided, by whom, and why photos were rejected.

    \b
    packshot review stats out/
    packshot review stats out/ --json
    """
    from packshot.review import review_stats
    from packshot.review.summary import split_waiting

    review = reviewed(out)
    counts, (_, ready) = review_stats(review), split_waiting(review.cases())
    print_row(counts.row(), counts.words(ready=len(ready)), as_json=as_json)


@packshot_command("log")
def log(
    out: str = OUT,
    file: str | None = option("-o", "--out", metavar="FILE", help="Write all of it as a table (CSV)."),
    as_json: bool = JSON,
) -> None:
    """Who decided what and when, undos too; nothing is ever removed from this log.

    \b
    packshot review log out/
    packshot review log out/ -o decisions.csv
    """
    from packshot.review.audit import audit_csv, audit_rows
    from packshot.storage import write_result

    rows = audit_rows(reviewed(out).decisions)
    if file is not None:
        write_result(Path(file), audit_csv(rows).encode())
    for row in rows:
        print_row(row.row(), row.words(), as_json=as_json)
