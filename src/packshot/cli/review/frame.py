"""``packshot review frame``: whether a frame surrounds a photo, and where the picture inside begins."""

from __future__ import annotations

import click

from packshot.cli.options import json_option
from packshot.cli.review.options import (
    by_option,
    open_review,
    out_argument,
    person,
    root_option,
    seen_option,
    tell,
)
from packshot.errors import UsageError

__all__ = ["frame"]


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
    from packshot.review import Decided
    from packshot.values import Box

    if unframed == (box is not None):
        raise UsageError("expected either --none or --box", remedy="see `packshot review frame --help`")
    try:
        inner = None if box is None else Box(*box)
    except ValueError as error:
        raise UsageError(f"--box: {error}", remedy="give the corners in pixels, left top right bottom") from error
    review, name = open_review(out, root=root), person(by)
    return tell(Decided([review.correct_frame(source, inner, by=name, token=seen)]), as_json)
