"""``packshot review mask | frame``: a mask by strokes, a frame by its box."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.cli.options import json_option
from packshot.cli.review.options import (
    by_option,
    decide_each,
    open_review,
    out_argument,
    person,
    root_option,
    seen_option,
)
from packshot.errors import UsageError

__all__ = ["frame", "mask"]


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
    from packshot.batch import write_atomic
    from packshot.cutout import Strokes
    from packshot.review.masks import mask_by_strokes, overlay_png

    review, name, drawn = open_review(out, root=root), person(by), Strokes.read(Path(strokes))
    alpha = mask_by_strokes(review, source, drawn, name=strokes)
    if overlay is not None:
        write_atomic(Path(overlay), overlay_png(review, source, alpha=alpha, strokes=drawn))
    return decide_each(
        review, (source,), seen, as_json, lambda one: review.correct_mask(one, alpha, by=name, token=seen)
    )


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
    return decide_each(
        review, (source,), seen, as_json, lambda one: review.correct_frame(one, inner, by=name, token=seen)
    )
