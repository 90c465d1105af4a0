"""What is shown, and asked, before many photos are decided on at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.review import Case, Review, Selection

__all__ = ["checked", "confirmed"]

_SHOWN = 12  # photos of a sample
_SHEET = "sample.html"


def checked(
    review: Review, selection: Selection, what: str, *, sample: int | None, yes: bool, as_json: bool
) -> list[str] | None:
    """The sources to decide on: those that were named one by one, or many after a look at a sample.

    Args:
        review: the results.
        selection: which are meant.
        what: will be done, such as ``approve``.
        sample: only show so many.
        yes: do not ask.
        as_json: how the sample is printed.

    Returns:
        The sources; None where nothing is to be decided.

    Raises:
        UsageError: there are none, or nobody can be asked.
    """
    from packshot.review import select

    if selection.names_photos_alone and sample is None:
        return [review.records.one(name).source for name in selection.names]
    cases = select(review, selection)
    if not cases:
        raise UsageError(f"nothing to {what}: no photo is like this", remedy="see `packshot review list OUT`")
    if sample is not None or not yes:
        _show(review, cases, sample or _SHOWN, as_json=as_json)
    if sample is not None:
        click.echo(f"would {what} {_photos(len(cases))}; nothing was decided", err=True)
        return None
    if not confirmed(f"{what} {_photos(len(cases))}", yes=yes):
        return None
    return [case.source for case in cases]


def confirmed(what: str, *, yes: bool) -> bool:
    """Ask before many decisions.

    Raises:
        UsageError: nobody can be asked.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError(f"would {what}: nothing was decided", remedy="look at the sample, then repeat with --yes")
    return click.confirm(f"{what}?", err=True)


def _show(review: Review, cases: Sequence[Case], count: int, *, as_json: bool) -> None:
    from packshot.batch import write_atomic
    from packshot.cli.review.listing import case_table
    from packshot.review import sample as sample_of
    from packshot.review.rows import case_row
    from packshot.review.sample_page import sample_page

    some = sample_of(cases, count)
    page = review.out / "review" / _SHEET
    write_atomic(page, sample_page(review, some, total=len(cases)))
    if as_json:
        for case in some:
            click.echo(json.dumps({**case_row(case, review), "sample": True}))
    else:
        click.echo(case_table(some))
    click.echo(f"{len(some)} of {_photos(len(cases))} to look at: {page}", err=True)


def _photos(count: int) -> str:
    return f"{count:,} photo{'' if count == 1 else 's'}"
