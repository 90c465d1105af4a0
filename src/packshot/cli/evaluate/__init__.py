"""``packshot evaluate``: how good the networks that ship are, on pictures whose truth is known; one file a task."""

from __future__ import annotations

import click

from packshot.cli.evaluate.attribute import attribute
from packshot.cli.evaluate.category import category
from packshot.cli.evaluate.cutout import cutout

__all__ = ["command"]


@click.group(name="evaluate")
def command() -> None:
    """Score what ships, as users get it, on pictures whose truth is known; needs no training extra.

    Intervals are 95 % bootstrap intervals, the photo as unit. Exits 3 when a photo could not be read; each is named.

    \b
    packshot evaluate cutout --data shop/                  masks, beside a box in the middle and an empty mask
    packshot evaluate category --data shop/ -o quality/    categories along the tree, with a report
    packshot evaluate attribute --data shop/ --head kids   one attribute, or --head tags
    """


for _one in (cutout, category, attribute):
    command.add_command(_one)
