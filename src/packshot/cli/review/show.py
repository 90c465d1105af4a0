"""``packshot review list | show | stats``: nothing is written."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import existing_file, json_option
from packshot.cli.review.options import open_review, out_argument, root_option

if TYPE_CHECKING:
    from packshot.review import Case, Review

__all__ = ["list_", "show", "stats"]


@click.command(name="list")
@out_argument
@click.option("--top", type=click.IntRange(min=1), help="Show only so many. [default: 20; with --json, all]")
@click.option("--all", "everything", is_flag=True, help="Show also what is decided.")
@click.option("--values", metavar="FILE", help="CSV `source,value`: a price or views, by which the order is weighed.")
@json_option
def list_(out: str, top: int | None, everything: bool, values: str | None, as_json: bool) -> None:
    """What to look at, the most valuable first: value = price x (3 review + rules + mask + category + frame).

    docs/how-to/review.md says what each of them is. State `stale` means: decided, but on a result that a later run
    replaced.

    \b
    packshot review list out/
    packshot review list out/ --values prices.csv --top 50
    packshot review list out/ --all --json
    """
    from packshot.cli.table import aligned
    from packshot.review import read_prices, reasons

    table = existing_file(values)
    review = open_review(out, prices=None if table is None else read_prices(table))
    if review.unknown_prices:
        click.echo(
            f"{len(review.unknown_prices)} lines of {values} name no photo of this run, or several: "
            f"{', '.join(review.unknown_prices[:3])}",
            err=True,
        )
    cases = review.cases() if everything else review.queue()
    shown = cases[: top or (None if as_json else 20)]
    if as_json:
        for case in shown:
            click.echo(json.dumps(_row(case, review)))
    elif shown:
        header = ("value", "state", "why", "source")
        rows = [(f"{case.value:.2f}", case.state.value, "; ".join(reasons(case)), case.source) for case in shown]
        click.echo(aligned(header, rows, left=4))
    waiting = sum(case.state.value != "decided" for case in cases)
    more = f", {len(cases) - len(shown)} more are not shown" if len(cases) > len(shown) else ""
    click.echo(f"waiting for a decision: {waiting}{more}", err=True)


@click.command(name="show")
@out_argument
@click.argument("source")
@click.option("--overlay", metavar="FILE", help="Write a PNG: the mask on the photo, with rulers to draw strokes by.")
@root_option
@json_option
def show(out: str, source: str, overlay: str | None, root: str, as_json: bool) -> None:
    """All about one photo: what the run says, where its files lie, and who decided what.

    \b
    packshot review show out/ shirt.jpg
    packshot review show out/ shirt.jpg --overlay look.png
    """
    from packshot.batch import write_atomic
    from packshot.review import category_words, decision_words, reasons

    review = open_review(out, root=root)
    case = review.case(source)
    if overlay is not None:
        from packshot.review.masks import overlay_png

        write_atomic(Path(overlay), overlay_png(review, case.source))
    standing = {decision.number for decision in review.decisions.standing()}
    history = review.history(source)
    if as_json:
        made = [{**one.model_dump(mode="json"), "undone": one.number not in standing} for one in history]
        row = {**_row(case, review), "record": case.record.row(), "decisions": made, "overlay": overlay}
        click.echo(json.dumps(row, default=str))
        return
    record = case.record
    why = "; ".join(reasons(case)) or "nothing is doubtful"
    click.echo(f"{case.source}: {case.state.value}, value {case.value:.2f} ({why})")
    click.echo(f"  category: {category_words(case) or 'unknown'}")
    for rule in record.rules:
        if not rule.ok:
            click.echo(f"  breaks {rule.id} ({rule.severity}): {rule.measured}, not {rule.required}")
    for which, file in (("packshot", record.packshot), ("cutout", record.cutout), ("mask", record.mask)):
        if file:
            click.echo(f"  {which}: {Path(out) / file}")
    if overlay is not None:
        click.echo(f"  overlay: {overlay}")
    for one in history:
        click.echo(f"  {one.number}: {decision_words(one)}{'' if one.number in standing else ' (taken back)'}")
    click.echo(f"  seen: {review.seen(source).token}")


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


def _row(case: Case, review: Review) -> dict[str, Any]:
    record = case.record
    return {
        "source": case.source,
        "value": round(case.value, 6),
        "state": case.state.value,
        "doubts": {name: round(doubt, 6) for name, doubt in asdict(case.doubts).items()},
        "price": case.price,
        "status": record.status,
        "uncertainty": record.uncertainty,
        "category": None if record.category is None else record.category.model_dump(),
        "seen": review.seen(case.source).token,
    }
