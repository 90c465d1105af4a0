"""``packshot review undo``: take decisions back, the last command or many."""

from __future__ import annotations

import json
from typing import Any

import click

from packshot.cli.options import json_option
from packshot.cli.review.checking import confirmed
from packshot.cli.review.options import by_option, open_review, out_argument, person
from packshot.cli.review.selecting import selection_from, selection_options, sources_argument

__all__ = ["undo"]


@click.command(name="undo")
@out_argument
@sources_argument
@selection_options()
@click.option("--of", metavar="NAME", help="Decisions of this person.")
@click.option(
    "--kind",
    type=click.Choice(["approve", "category", "mask", "subject", "frame", "reject"]),
    help="Decisions of this kind.",
)
@click.option("--yes", is_flag=True, help="Take all of them back without being asked.")
@by_option
@json_option
def undo(
    out: str,
    sources: tuple[str, ...],
    of: str | None,
    kind: str | None,
    yes: bool,
    by: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Take back what was decided last, all of it if it was on many photos; or the last decision on each photo named.

    Photos are told as to `approve`. An earlier decision on the same photo counts again; nothing is removed from the
    log.

    \b
    packshot review undo out/
    packshot review undo out/ hat.jpg
    packshot review undo out/ 'hats/*' --of ben --kind category
    """
    from packshot.decisions import Kind
    from packshot.review import Selection, decision_words, select
    from packshot.review.undoing import Undoing, undo_last, undo_on, would_undo

    review, name = open_review(out), person(by)
    selection = selection_from(sources, decided=True, **options)
    everything = selection == Selection(decided=True)
    if everything and of is None and kind is None:
        taken = undo_last(review, by=name)
    else:
        if selection.names_photos_alone:
            chosen = [review.records.one(source).source for source in sources]
        else:
            chosen = [case.source for case in select(review, selection)]
        undoing = Undoing(None if everything else chosen, of, None if kind is None else Kind(kind))
        found = would_undo(review, review.decisions, undoing)
        if found and not selection.names_photos_alone and not confirmed(f"take {len(found)} decisions back", yes=yes):
            return
        taken = undo_on(review, undoing, by=name)
    for one in taken:
        if as_json:
            click.echo(json.dumps({"source": one.source, "undone": one.model_dump(mode="json")}))
        else:
            click.echo(f"{one.source}: taken back: {decision_words(one)}")
