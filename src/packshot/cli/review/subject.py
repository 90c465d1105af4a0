"""``packshot review subject``: the product is another part of the photo."""

from __future__ import annotations

from typing import Any

import click

from packshot.cli.options import json_option
from packshot.cli.review.decide import decide
from packshot.cli.review.options import by_option, out_argument, root_option, seen_option
from packshot.cli.review.selecting import selection_options, sources_argument

__all__ = ["subject"]


@click.command(name="subject")
@out_argument
@sources_argument
@click.option(
    "--to", required=True, type=click.Choice(["auto", "product", "person", "garment"]), help="What is cut out."
)
@click.option(
    "--several",
    type=click.Choice(["all", "largest"]),
    default="all",
    show_default=True,
    help="Of several products in one photo, all or the largest.",
)
@selection_options(check=True)
@root_option
@by_option
@seen_option
@json_option
def subject(
    out: str, sources: tuple[str, ...], to: str, several: str, by: str | None, seen: str | None, **options: Any
) -> int:
    """The product is another part of the photo; masks that were corrected before it no longer count.

    The mask is found anew by the next `packshot run` or `packshot review apply`, and the photo is shown again.

    \b
    packshot review subject out/ dress.jpg --to garment
    packshot review subject out/ 'models/*' --to garment --several largest --sample 12
    """
    from packshot.review import ChosenSubject
    from packshot.review.answers import subject_answer
    from packshot.settings import Several, Subject

    chosen = ChosenSubject(subject=Subject(to), several=Several(several))
    return decide(out, sources, f"cut out {to} of", subject_answer(chosen), by=by, seen=seen, **options)
