"""``packshot review``: a person decides on what a run was unsure of."""

from __future__ import annotations

import click

from packshot.cli.review.after import apply, export, undo
from packshot.cli.review.correcting import frame, mask
from packshot.cli.review.deciding import approve, category, reject, subject
from packshot.cli.review.looking import list_, log, show, stats

__all__ = ["command"]


@click.group(
    name="review",
    commands=[list_, show, approve, category, mask, subject, frame, reject, undo, apply, export, log, stats],
)
def command() -> None:
    """Look at what a run was unsure of, decide, and train on what was decided.

    OUT is the folder `packshot run` wrote to. SOURCE is a photo as its manifest names it, or the end of that path.
    Each decision keeps who decided, when, and what was seen; when a later run gives something else, the photo comes
    back. Nothing but OUT/review is written; `apply`, or the next run, makes the pictures anew.

    \b
    packshot review list out/                               what to look at first, and why
    packshot review show out/ shirt.jpg --overlay look.png
    packshot review approve out/ shirt.jpg shoe.jpg
    packshot review category out/ hat.jpg --to Hat
    packshot review mask out/ bag.jpg --strokes bag.json
    packshot review mask out/ cup.jpg --file cup.png
    packshot review subject out/ dress.jpg --to garment
    packshot review frame out/ cup.jpg --none
    packshot review reject out/ blurred.jpg --reason "out of focus"
    packshot review approve out/ 'shirts/*' --uncertainty ..0.05
    packshot review undo out/
    packshot review apply out/                              the pictures, made anew from what was corrected
    packshot review export out/ -o corrections/
    packshot review log out/ -o decisions.csv               who decided what and when
    """
