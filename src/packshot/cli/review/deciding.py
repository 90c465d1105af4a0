"""``packshot review approve | category | mask | frame | reject | undo``: one line of the journal each."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.options import json_option
from packshot.cli.review.opening import (
    by_option,
    described,
    open_review,
    out_argument,
    person,
    root_option,
    seen_option,
)
from packshot.errors import OutputError, PackshotError, UsageError

if TYPE_CHECKING:
    from packshot.review import CategoryPath, Decision, Review
    from packshot.values import Alpha

__all__ = ["approve", "category", "frame", "mask", "reject", "undo"]

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
    return _each(review, sources, seen, as_json, lambda one: review.approve(one, by=name, token=seen))


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
    review, name, path = open_review(out), person(by), _category_path(to, taxonomy)
    return _each(review, sources, seen, as_json, lambda one: review.correct_category(one, path, by=name, token=seen))


@click.command(name="mask")
@out_argument
@click.argument("source")
@click.option("--strokes", required=True, metavar="FILE", help="What was drawn, in pixels of the upright photo.")
@click.option("--overlay", metavar="FILE", help="Also write a PNG: the corrected mask on the photo, with the strokes.")
@root_option
@by_option
@seen_option
@json_option
def mask(
    out: str,
    source: str,
    strokes: str,
    overlay: str | None,
    root: str,
    by: str | None,
    seen: str | None,
    as_json: bool,
) -> int:
    """The mask is another one: keep and erase strokes on the mask the run made; this says nothing of the category.

    `review show --overlay` shows where to draw; recipes/grabcut/README.md shows the form of the file. Every time
    starts from the run's mask, so keep the strokes and add to them. With a "box" in it, a photo in which nothing was
    found gets a mask, too.

    \b
    packshot review mask out/ bag.jpg --strokes bag.json --overlay look.png
    """
    review, name = open_review(out, root=root), person(by)
    alpha = _by_strokes(review, source, Path(strokes), None if overlay is None else Path(overlay))
    return _each(review, (source,), seen, as_json, lambda one: review.correct_mask(one, alpha, by=name, token=seen))


@click.command(name="frame")
@out_argument
@click.argument("source")
@click.option("--none", "unframed", is_flag=True, help="There is no frame.")
@click.option(
    "--box",
    type=(int, int, int, int),
    metavar="X0 Y0 X1 Y1",
    help="The picture inside the frame, in pixels of the upright photo, end-exclusive.",
)
@root_option
@by_option
@seen_option
@json_option
def frame(
    out: str,
    source: str,
    unframed: bool,
    box: tuple[int, int, int, int] | None,
    root: str,
    by: str | None,
    seen: str | None,
    as_json: bool,
) -> int:
    """Say whether a frame surrounds the photo, and where the picture inside begins.

    \b
    packshot review frame out/ cup.jpg --none
    packshot review frame out/ cup.jpg --box 12 12 388 288
    """
    from packshot.values import Box

    if unframed == (box is not None):
        raise UsageError("expected either --none or --box", remedy="see `packshot review frame --help`")
    try:
        inner = None if box is None else Box(*box)
    except ValueError as error:
        raise UsageError(f"--box: {error}", remedy="give the corners in pixels, left top right bottom") from error
    review, name = open_review(out, root=root), person(by)
    return _each(review, (source,), seen, as_json, lambda one: review.correct_frame(one, inner, by=name, token=seen))


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
    return _each(review, sources, seen, as_json, lambda one: review.reject(one, reason, by=name, token=seen))


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
    taken = open_review(out).undo(source, by=person(by))
    if as_json:
        click.echo(json.dumps({"source": taken.source, "undone": taken.model_dump(mode="json")}))
    else:
        click.echo(f"{taken.source}: taken back: {described(taken)}")


def _each(
    review: Review,
    sources: Sequence[str],
    token: str | None,
    as_json: bool,
    decide: Callable[[str], Decision],
) -> int:
    """Decide on each photo; a name that is wrong stops before anything is decided."""
    whole = list(dict.fromkeys(review.records.one(source)["source"] for source in sources))
    if token is not None and len(whole) > 1:
        raise UsageError("--seen stands for one result", remedy="decide on one photo at a time, or leave --seen out")
    failed = 0
    for source in whole:
        try:
            decision = decide(source)
        except OutputError:
            raise
        except PackshotError as error:
            if len(whole) == 1 and isinstance(error, UsageError):
                raise
            failed += 1
            click.echo(str(error), err=True)
            if as_json:
                fault = {"code": error.code, "message": error.message, "remedy": error.remedy}
                click.echo(json.dumps({"source": source, "decision": None, "error": fault}))
            continue
        if as_json:
            made = decision.model_dump(mode="json")
            click.echo(json.dumps({"source": source, "decision": made, "error": None}))
        else:
            click.echo(f"{source}: {described(decision)}")
    return 3 if failed else 0


def _category_path(text: str, taxonomy: str | None) -> CategoryPath:
    """The way to a category that exists.

    Raises:
        UsageError: it does not, or the tree cannot be read.
    """
    from packshot.cli.taxonomy import read_tree
    from packshot.review import Node

    tree = read_tree(taxonomy)
    return tuple(Node(category.id, category.name) for category in tree.path(tree.lookup(text).id))


def _by_strokes(review: Review, source: str, path: Path, look: Path | None) -> Alpha:
    from packshot.batch import write_atomic
    from packshot.cutout import Strokes, overlay, refine, require_subject
    from packshot.photo import encode
    from packshot.values import Mask

    strokes, photo = Strokes.read(path), review.photo(source)
    strokes.require_photo(photo)
    start = None if strokes.box is not None else review.mask(source)
    begun = None if start is None else Mask(alpha=start, uncertainty=0.0, model="run")
    mask = refine(photo, begun, strokes)
    require_subject(mask.alpha, doubt=0.0, source=photo.source)  # somebody has seen it, but it may be empty
    if look is not None:
        write_atomic(look, encode(overlay(photo.rgb, mask.alpha, strokes=strokes), format="PNG").data)
    return mask.alpha
