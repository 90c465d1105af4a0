"""``packshot review approve | category | reject``: the same said of one photo or of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import json_option
from packshot.cli.review.checking import checked
from packshot.cli.review.options import (
    by_option,
    decide_on,
    open_review,
    out_argument,
    person,
    root_option,
    seen_option,
)
from packshot.cli.review.selecting import selection_from, selection_options, sources_argument

if TYPE_CHECKING:
    from packshot.review import Answer

__all__ = ["approve", "category", "decide", "reject"]


@click.command(name="approve")
@out_argument
@sources_argument
@selection_options(check=True)
@root_option
@by_option
@seen_option
@json_option
def approve(out: str, sources: tuple[str, ...], by: str | None, seen: str | None, **options: Any) -> int:
    """All that is shown is right: mask, category, frame. What was corrected before stays corrected.

    Many photos are told by a glob or by options, all of which must hold; a sample is shown, and you are asked.

    \b
    packshot review approve out/ shirt.jpg shoe.jpg
    packshot review approve out/ shirt.jpg --by anna --seen 1f2e3d4c5b6a
    packshot review approve out/ 'shirts/*' --why mask --uncertainty ..0.05
    packshot review approve out/ --left --sample 20
    """
    from packshot.review.answers import approval

    return decide(out, sources, "approve", approval(), by=by, seen=seen, **options)


@click.command(name="category")
@out_argument
@sources_argument
@click.option("--to", required=True, metavar="CATEGORY", help="An id, a name, or a path such as 'Tops > T-Shirt'.")
@click.option("--taxonomy", metavar="FILE", help="The tree it is of, as `packshot taxonomy show` takes it.")
@selection_options(check=True)
@root_option
@by_option
@seen_option
@json_option
def category(
    out: str,
    sources: tuple[str, ...],
    to: str,
    taxonomy: str | None,
    by: str | None,
    seen: str | None,
    **options: Any,
) -> int:
    """The category is another one; this says nothing of the mask.

    \b
    packshot review category out/ hat.jpg --to Hat
    packshot review category out/ a.jpg b.jpg --to 'Tops > T-Shirt' --taxonomy shop.toml
    packshot review category out/ 'hats/*' --to Hat --in none --yes
    """
    from packshot.cli.taxonomy.reading import read_tree
    from packshot.review import category_path
    from packshot.review.answers import category_answer

    path = category_path(read_tree(taxonomy), to)
    what = f"give the category {path[-1].name} to"
    return decide(out, sources, what, category_answer(path), by=by, seen=seen, **options)


@click.command(name="reject")
@out_argument
@sources_argument
@click.option("--reason", required=True, help="Why, in words; `stats` counts equal ones.")
@selection_options(check=True)
@root_option
@by_option
@seen_option
@json_option
def reject(out: str, sources: tuple[str, ...], reason: str, by: str | None, seen: str | None, **options: Any) -> int:
    """The photo is of no use; it is left out of every export, and of what is published.

    \b
    packshot review reject out/ blurred.jpg --reason "out of focus"
    packshot review reject out/ --why nothing-found --reason "no product" --sample 12
    """
    from packshot.review.answers import rejection

    return decide(out, sources, "reject", rejection(reason), by=by, seen=seen, **options)


def decide(
    out: str,
    sources: tuple[str, ...],
    what: str,
    answer: Answer,
    *,
    by: str | None,
    seen: str | None,
    root: str,
    as_json: bool,
    sample: int | None,
    yes: bool,
    **options: Any,
) -> int:
    """Give the photos that were typed the same answer, after a look at a sample where they are many.

    Args:
        out: the output folder.
        sources: names and globs.
        what: is done, in words.
        answer: what is said of each.
        by: who decides.
        seen: token of what was looked at.
        root: where `packshot run` was typed.
        as_json: how it is printed.
        sample: only show so many.
        yes: do not ask.
        options: of `selection_from`.

    Returns:
        The exit code.
    """
    review, name = open_review(out, root=root), person(by)
    selection = selection_from(sources, **options)
    chosen = checked(review, selection, what, sample=sample, yes=yes, as_json=as_json)
    return decide_on(review, chosen, answer, by=name, token=seen, as_json=as_json)
