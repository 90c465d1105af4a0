"""``packshot review list | stats``: nothing is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.files import existing_file
from packshot.cli.options import json_option
from packshot.cli.review.options import open_review, out_argument
from packshot.cli.review.selecting import selection_from, selection_options, sources_argument

if TYPE_CHECKING:
    from packshot.review import Case

__all__ = ["case_table", "list_", "stats"]


@click.command(name="list")
@out_argument
@sources_argument
@selection_options()
@click.option("--top", type=click.IntRange(min=1), help="Show only so many. [default: 20; with --json, all]")
@click.option("--all", "everything", is_flag=True, help="Show also what is decided.")
@click.option("--values", metavar="FILE", help="CSV `source,value`: a price or views, by which the order is weighed.")
@json_option
def list_(
    out: str,
    sources: tuple[str, ...],
    top: int | None,
    everything: bool,
    values: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """What to look at, the most valuable first: value = price x (3 review + rules + mask + category + frame).

    docs/how-to/review.md says what each of them is. State `stale` means: decided, but on a result that a later run
    replaced. A run need not be finished: what it has done so far is listed.

    \b
    packshot review list out/
    packshot review list out/ 'shirts/*' --why mask --all
    packshot review list out/ --values prices.csv --top 50
    packshot review list out/ --all --json
    """
    from packshot.review import read_prices, select
    from packshot.review.rows import case_row

    table = existing_file(values)
    review = open_review(out, prices=None if table is None else read_prices(table))
    if review.unknown_prices:
        click.echo(
            f"{len(review.unknown_prices)} lines of {values} name no photo of this run, or several: "
            f"{', '.join(review.unknown_prices[:3])}",
            err=True,
        )
    cases = select(review, selection_from(sources, decided=everything, **options))
    shown = cases[: top or (None if as_json else 20)]
    if as_json:
        for case in shown:
            click.echo(json.dumps(case_row(case, review)))
    elif shown:
        click.echo(case_table(shown))
    waiting = sum(case.state.value != "decided" for case in cases)
    look = sum(case.state.value != "decided" and case.doubts.review > 0 for case in cases)
    more = f", {len(cases) - len(shown)} more are not shown" if len(cases) > len(shown) else ""
    click.echo(f"waiting for a decision: {waiting}, to look at: {look}{more}", err=True)


@click.command(name="stats")
@out_argument
@json_option
def stats(out: str, as_json: bool) -> None:
    """How many photos wait, what was decided, by whom, and why photos were rejected.

    \b
    packshot review stats out/
    packshot review stats out/ --json
    """
    from packshot.review import review_stats

    counts = review_stats(open_review(out))
    if as_json:
        row = asdict(counts)
        click.echo(json.dumps({**{k: row.pop(k) for k in ("photos", "reviewable")}, **row.pop("states"), **row}))
        return
    click.echo(f"{counts.photos} photos, {counts.photos - counts.reviewable} of them without anything to decide on")
    waiting = "{new} wait, {stale} came back after a later run, {decided} are decided"
    click.echo(waiting.format(**counts.states))
    for title, numbers in (("decisions", counts.decisions), ("by", counts.by), ("rejected", counts.reasons)):
        if numbers:
            click.echo(f"{title}: {', '.join(f'{name} {count}' for name, count in numbers.items())}")
    if counts.undone:
        click.echo(f"taken back: {counts.undone}")


def case_table(cases: Sequence[Case]) -> str:
    """Photos with their value, why one should look, and who decided what."""
    from packshot.cli.table import aligned
    from packshot.review import decision_words, reasons

    rows: list[tuple[str, ...]] = [
        (
            f"{case.value:.2f}",
            case.state.value,
            "; ".join(reasons(case)),
            case.source,
            "; ".join(map(decision_words, case.decisions)),
        )
        for case in cases
    ]
    header: tuple[str, ...] = ("value", "state", "why", "source", "decided")
    if not any(case.decisions for case in cases):
        header, rows = header[:-1], [row[:-1] for row in rows]
    return aligned(header, rows, left=5)
