"""``packshot review mask``: another mask, by strokes or from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.options import json_option
from packshot.cli.review.options import (
    by_option,
    decide_on,
    open_review,
    out_argument,
    person,
    root_option,
    seen_option,
    tell,
)
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.decisions import AnswerFields, DecisionFolder, Seen
    from packshot.records import Record
    from packshot.review import Review

__all__ = ["mask"]


@click.command(name="mask")
@out_argument
@click.argument("source", required=False)
@click.option("--strokes", metavar="FILE", help="What was drawn, in pixels of the upright photo.")
@click.option(
    "--file",
    "drawn",
    metavar="PNG|FOLDER",
    help="A mask that was drawn elsewhere; without SOURCE a folder of masks, named as in OUT/masks.",
)
@click.option("--overlay", metavar="FILE", help="Also write a PNG: the corrected mask on the photo, with the strokes.")
@root_option
@by_option
@seen_option
@json_option
def mask(
    out: str,
    source: str | None,
    strokes: str | None,
    drawn: str | None,
    overlay: str | None,
    root: str,
    by: str | None,
    seen: str | None,
    as_json: bool,
) -> int:
    """The mask is another one: keep and erase strokes on the one that was found, or a file; no word of the category.

    `review show --overlay` shows where to draw; recipes/grabcut/README.md shows the form of the file. Every time
    starts from the mask that was found, or from the last file, so keep the strokes and add to them. They are refined
    to the edge, and drawn again when another network finds another mask. With a "box" in it, a photo in which nothing
    was found gets a mask, too.

    \b
    packshot review mask out/ bag.jpg --strokes bag.json --overlay look.png
    packshot review mask out/ bag.jpg --file bag.png
    packshot review mask out/ --file retouched/
    """
    if (strokes is None) == (drawn is None):
        raise UsageError("expected either --strokes or --file", remedy="see `packshot review mask --help`")
    review, name = open_review(out, root=root), person(by)
    if source is None:
        if drawn is None or overlay is not None or seen is not None:
            raise UsageError("no photo was named", remedy="name it behind the folder of the run")
        return _masks_of(review, Path(drawn), by=name, as_json=as_json)
    return _mask_of(review, source, strokes, drawn, overlay, by=name, token=seen, as_json=as_json)


def _mask_of(
    review: Review,
    source: str,
    strokes: str | None,
    drawn: str | None,
    overlay: str | None,
    *,
    by: str,
    token: str | None,
    as_json: bool,
) -> int:
    from packshot.cutout import Strokes
    from packshot.review import Decided
    from packshot.review.masks import drawn_mask, mask_by_strokes, overlay_png
    from packshot.storage import write_result

    painted = None if strokes is None else Strokes.read(Path(strokes))
    if painted is not None:
        alpha, under = mask_by_strokes(review, source, painted, name=str(strokes))
        decision = review.correct_by_strokes(source, painted, alpha, by=by, under=under, token=token)
    else:
        alpha = drawn_mask(review, source, Path(str(drawn)))
        decision = review.correct_mask(source, alpha, by=by, token=token)
    if overlay is not None:
        write_result(Path(overlay), overlay_png(review, source, alpha=alpha, strokes=painted))
    return tell(Decided([decision]), as_json)


def _masks_of(review: Review, folder: Path, *, by: str, as_json: bool) -> int:
    from packshot.review.answers import Answer, mask_answer
    from packshot.review.masks import drawn_mask, drawn_masks
    from packshot.review.pictures import png_of

    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder", remedy="name the photo, or a folder of masks")
    files = drawn_masks(review, folder)

    def fields(kept: DecisionFolder, record: Record, seen: Seen) -> AnswerFields:
        alpha = drawn_mask(review, record.source, files[record.source])
        return mask_answer(png_of(alpha)).fields(kept, record, seen)

    answer = Answer(mask_answer(b"").kind, fields)
    return decide_on(review, list(files), answer, by=by, token=None, as_json=as_json)
