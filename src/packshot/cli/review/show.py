"""``packshot review show``: nothing is written but the picture that was asked for."""

from __future__ import annotations

import json
from pathlib import Path

import click

from packshot.cli.options import json_option
from packshot.cli.review.options import open_review, out_argument, root_option

__all__ = ["show"]


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
    from packshot.review import category_words, decision_words, reasons
    from packshot.review.rows import case_row
    from packshot.storage import write_result

    review = open_review(out, root=root)
    case = review.case(source)
    if overlay is not None:
        from packshot.review.masks import overlay_png

        write_result(Path(overlay), overlay_png(review, case.source))
    standing = {decision.number for decision in review.decisions.standing()}
    history = review.history(source)
    if as_json:
        made = [{**one.model_dump(mode="json"), "undone": one.number not in standing} for one in history]
        row = {**case_row(case, review), "record": case.record.row(), "decisions": made, "overlay": overlay}
        click.echo(json.dumps(row, default=str))
        return
    record = case.record
    why = "; ".join(reasons(case)) or "nothing is doubtful"
    click.echo(f"{case.source}: {case.state.value}, value {case.value:.2f} ({why})")
    click.echo(f"  category: {category_words(case) or 'unknown'}")
    for profile, rule in record.rules_of_all:
        if not rule.ok:
            whose = f" for {profile}" if len(record.packshots) > 1 else ""
            click.echo(f"  breaks {rule.id} ({rule.severity}){whose}: {rule.measured}, not {rule.required}")
    for which, file in (("packshot", record.packshot), ("cutout", record.cutout), ("mask", record.mask)):
        if file:
            click.echo(f"  {which}: {Path(out) / file}")
    if overlay is not None:
        click.echo(f"  overlay: {overlay}")
    for one in history:
        click.echo(f"  {one.number}: {decision_words(one)}{'' if one.number in standing else ' (taken back)'}")
    click.echo(f"  seen: {review.seen(source).token}")
