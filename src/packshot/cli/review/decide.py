"""``packshot review approve | category | reject | undo``: one line of the log each."""

from __future__ import annotations

import json

import click

from packshot.cli.options import json_option
from packshot.cli.review.options import by_option, decide_each, open_review, out_argument, person, seen_option

__all__ = ["approve", "category", "reject", "undo"]

_sources = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")


@click.command(name="approve")
@out_argument
@_sources
@by_option
@seen_option
@json_option
def approve(out: str, sources: tuple[str, ...], by: str | None, seen: str | None, as_json: bool) -> int:
    """All that is shown is right: mask, category, frame. What was corrected before stays corrected.

    \b
    packshot review approve out/ shirt.jpg shoe.jpg
    packshot review approve out/ shirt.jpg --by anna --seen 1f2e3d4c5b6a
    """
    review, name = open_review(out), person(by)
    return decide_each(review, sources, seen, as_json, lambda one: review.approve(one, by=name, token=seen))


@click.command(name="category")
@out_argument
@_sources
@click.option("--to", required=True, metavar="CATEGORY", help="An id, a name, or a path such as 'Tops > T-Shirt'.")
@click.option("--taxonomy", metavar="FILE", help="The tree it is of, as `packshot taxonomy show` takes it.")
@by_option
@seen_option
@json_option
def category(
    out: str, sources: tuple[str, ...], to: str, taxonomy: str | None, by: str | None, seen: str | None, as_json: bool
) -> int:
    """The category is another one; this says nothing of the mask.

    \b
    packshot review category out/ hat.jpg --to Hat
    packshot review category out/ a.jpg b.jpg --to 'Tops > T-Shirt' --taxonomy shop.toml
    """
    from packshot.cli.taxonomy import read_tree
    from packshot.review import category_path

    review, name, path = open_review(out), person(by), category_path(read_tree(taxonomy), to)
    return decide_each(
        review, sources, seen, as_json, lambda one: review.correct_category(one, path, by=name, token=seen)
    )


@click.command(name="reject")
@out_argument
@_sources
@click.option("--reason", required=True, help="Why, in words; `stats` counts equal ones.")
@by_option
@seen_option
@json_option
def reject(out: str, sources: tuple[str, ...], reason: str, by: str | None, seen: str | None, as_json: bool) -> int:
    """The photo is of no use; it is left out of every export.

    \b
    packshot review reject out/ blurred.jpg --reason "out of focus"
    """
    review, name = open_review(out), person(by)
    return decide_each(review, sources, seen, as_json, lambda one: review.reject(one, reason, by=name, token=seen))


@click.command(name="undo")
@out_argument
@click.argument("source", required=False)
@by_option
@json_option
def undo(out: str, source: str | None, by: str | None, as_json: bool) -> None:
    """Take back the last decision on SOURCE, or the very last one, whoever made it; an earlier one counts again.

    \b
    packshot review undo out/
    packshot review undo out/ hat.jpg
    """
    from packshot.review import decision_words

    taken = open_review(out).undo(source, by=person(by))
    if as_json:
        click.echo(json.dumps({"source": taken.source, "undone": taken.model_dump(mode="json")}))
    else:
        click.echo(f"{taken.source}: taken back: {decision_words(taken)}")
