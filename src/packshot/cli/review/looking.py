"""``packshot review list | show | stats``: nothing is written."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import existing_file, json_option
from packshot.cli.review.opening import described, open_review, out_argument, root_option

if TYPE_CHECKING:
    from packshot.review import Case, Review

__all__ = ["list_", "show", "stats"]

# A doubt about a mask, in few words.
_DOUBTS = {
    "held": "held by a hand or a person",
    "area": "a part missing or foreign",
    "smoke": "half transparent parts",
    "pieces": "loose pieces",
    "outline": "uncertain outline",
    "cut-off": "cut off at the photo's edge",
    "ground": "background and network disagree",
}


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
    from packshot.review import read_prices

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
        rows = [(f"{case.value:.2f}", case.state.value, _why(case), case.source) for case in shown]
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
    review = open_review(out, root=root)
    case = review.case(source)
    if overlay is not None:
        _write_overlay(review, case.source, Path(overlay))
    standing = {decision.number for decision in review.decisions.standing()}
    history = review.history(source)
    if as_json:
        made = [{**one.model_dump(mode="json"), "undone": one.number not in standing} for one in history]
        click.echo(json.dumps({**_row(case, review), "record": case.record, "decisions": made, "overlay": overlay}))
        return
    record = case.record
    click.echo(f"{case.source}: {case.state.value}, value {case.value:.2f} ({_why(case) or 'nothing is doubtful'})")
    click.echo(f"  category: {_category(case) or 'unknown'}")
    for rule in record.get("rules") or ():
        if not rule["ok"]:
            click.echo(f"  breaks {rule['id']} ({rule['severity']}): {rule['measured']}, not {rule['required']}")
    for which in ("packshot", "cutout", "mask"):
        if record.get(which):
            click.echo(f"  {which}: {Path(out) / record[which]}")
    if overlay is not None:
        click.echo(f"  overlay: {overlay}")
    for one in history:
        click.echo(f"  {one.number}: {described(one)}{'' if one.number in standing else ' (taken back)'}")
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
    review = open_review(out)
    cases, standing = review.cases(), review.decisions.standing()
    counts: dict[str, Any] = {
        "photos": len(review.records),
        "reviewable": len(cases),
        **{state: sum(case.state.value == state for case in cases) for state in ("new", "stale", "decided")},
        "decisions": {**Counter(one.kind.value for one in standing)},
        "undone": len(review.decisions.made) - len(standing),
        "by": {**Counter(one.by for one in standing)},
        "reasons": {**Counter(one.reason for one in standing if one.reason)},
    }
    if as_json:
        click.echo(json.dumps(counts))
        return
    lost = counts["photos"] - counts["reviewable"]
    click.echo(f"{counts['photos']} photos, {lost} of them without anything to decide on")
    click.echo(f"{counts['new']} wait, {counts['stale']} came back after a later run, {counts['decided']} are decided")
    for title, key in (("decisions", "decisions"), ("by", "by"), ("rejected", "reasons")):
        if counts[key]:
            click.echo(f"{title}: {', '.join(f'{name} {count}' for name, count in counts[key].items())}")
    if counts["undone"]:
        click.echo(f"taken back: {counts['undone']}")


def _row(case: Case, review: Review) -> dict[str, Any]:
    record = case.record
    return {
        "source": case.source,
        "value": round(case.value, 6),
        "state": case.state.value,
        "doubts": {name: round(doubt, 6) for name, doubt in asdict(case.doubts).items()},
        "price": case.price,
        "status": record["status"],
        "uncertainty": record.get("uncertainty"),
        "category": record.get("category"),
        "seen": review.seen(case.source).token,
    }


def _why(case: Case) -> str:
    record, why = case.record, case.doubts
    broken = [rule["id"] for rule in record.get("rules") or () if not rule["ok"] and rule["severity"] == "must"]
    reasons = {
        "nothing found to cut out": record["status"] == "failed",
        str(record.get("damage")): record.get("damage") is not None,
        f"breaks {', '.join(broken)}": bool(broken),
        f"mask {why.mask:.2f}": why.mask >= 0.5 and record["status"] != "failed",
        f"category {why.category:.2f}": why.category >= 0.5,
        f"frame {why.frame:.2f}": why.frame >= 0.5,
    }
    doubted = [_DOUBTS.get(doubt, doubt) for doubt in record.get("doubts") or ()]  # older manifests have none
    return "; ".join([*(reason for reason, holds in reasons.items() if holds), *doubted])


def _category(case: Case) -> str:
    category = case.record.get("category")
    if not category or not category.get("path"):
        return ""
    score = category.get("score")
    said = " > ".join(node["name"] for node in category["path"]) + ("" if score is None else f" ({score:.2f})")
    corrected = case.verdict.category if case.verdict else None
    return said if corrected is None else f"{said}; a person says {' > '.join(node.name for node in corrected)}"


def _write_overlay(review: Review, source: str, path: Path) -> None:
    import numpy as np

    from packshot.batch import write_atomic
    from packshot.cutout import overlay
    from packshot.photo import encode

    photo, mask = review.photo(source), review.mask(source)
    alpha = np.zeros(photo.rgb.shape[:2], np.float32) if mask is None else mask
    write_atomic(path, encode(overlay(photo.rgb, alpha), format="PNG").data)
