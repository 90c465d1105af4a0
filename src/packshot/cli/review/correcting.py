"""``packshot review mask | frame``: what was found is replaced by what a person says."""

from __future__ import annotations

from pathlib import Path

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.review.asking import decide_on, tell
from packshot.cli.review.options import OUT, Decider, reviewed
from packshot.errors import UsageError

__all__ = ["frame", "mask"]


@packshot_command("mask")
def mask(
    *,
    out: str = OUT,
    source: str | None = argument("[SOURCE]"),
    strokes: Path | None = option("--strokes", metavar="FILE", help="What was drawn, in pixels of the upright photo."),
    drawn: Path | None = option(
        "--file",
        metavar="PNG|FOLDER",
        help="A mask that was drawn elsewhere; without SOURCE a folder of masks, named as in OUT/masks.",
    ),
    overlay: Path | None = option(
        "--overlay", metavar="FILE", help="Also write a PNG: the corrected mask on the photo, with the strokes."
    ),
    decider: Decider,
) -> int:
    """The mask is another one: keep and erase strokes on the one that was found, or a file; no word of the category.

    `review show --overlay` shows where to draw; docs/how-to/masks-by-hand.md shows the form of the file. Every time
    starts from the mask that was found, or from the last file, so keep the strokes and add to them. They are refined
    to the edge, and drawn again when another network finds another mask. With a "box" in it, a photo in which nothing
    was found gets a mask, too.

    \b
    packshot review mask out/ bag.jpg --strokes bag.json --overlay look.png
    packshot review mask out/ bag.jpg --file bag.png
    packshot review mask out/ --file retouched/
    """
    from packshot.decisions.person import person
    from packshot.review import Decided
    from packshot.review.masks import correct_from_file, folder_answer

    file = strokes or drawn
    if file is None or (strokes is not None and drawn is not None):
        raise UsageError("expected either --strokes or --file", remedy="see `packshot review mask --help`")
    review, by = reviewed(out, root=decider.root), person(decider.by)
    if source is None:
        if drawn is None or overlay is not None or decider.seen is not None:
            raise UsageError("no photo was named", remedy="name it behind the folder of the run")
        return decide_on(review, *folder_answer(review, drawn), decider)
    made = correct_from_file(
        review, source, file, strokes=strokes is not None, by=by, token=decider.seen, overlay=overlay
    )
    return tell(Decided([made]), as_json=decider.as_json)


@packshot_command("frame")
def frame(
    *,
    out: str = OUT,
    source: str = argument("SOURCE"),
    unframed: bool = option("--none", help="There is no frame."),
    box: tuple[int, int, int, int] | None = option(
        "--box",
        metavar="X0 Y0 X1 Y1",
        help="The picture inside the frame, in pixels of the upright photo, end-exclusive.",
    ),
    decider: Decider,
) -> int:
    """Say whether a frame surrounds the photo, and where the picture inside begins.

    \b
    packshot review frame out/ cup.jpg --none
    packshot review frame out/ cup.jpg --box 12 12 388 288
    """
    from packshot.decisions.person import person
    from packshot.review import Decided
    from packshot.values import Box

    if unframed == (box is not None):
        raise UsageError("expected either --none or --box", remedy="see `packshot review frame --help`")
    try:
        inner = None if box is None else Box(*box)
    except ValueError as error:
        raise UsageError(f"--box: {error}", remedy="give the corners in pixels, left top right bottom") from error
    review, by = reviewed(out, root=decider.root), person(decider.by)
    made = review.correct_frame(source, inner, by=by, token=decider.seen)
    return tell(Decided([made]), as_json=decider.as_json)
