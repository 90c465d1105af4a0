"""How a decision on one photo or on many is made: a sample is shown, the person is asked, and each is printed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from packshot.cli.printing import print_row, print_table
from packshot.cli.review.options import Decider, Many, reviewed
from packshot.counting import counted
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.review import Answer, Decided, Review, Selection

__all__ = ["confirmed", "decide", "decide_on", "tell"]

_SHOWN = 12  # photos of a sample


def decide(many: Many, what: str, answer: Answer) -> int:
    """Give the photos that were typed the same answer, after a look at a sample where they are many.

    Args:
        many: which photos, and who decides.
        what: is done, in words: ``approve``.
        answer: what is said of each.

    Returns:
        The exit code.

    Raises:
        UsageError: no photo was named, or nobody can be asked.
    """
    from packshot.review.selection import chosen

    review = reviewed(many.out, root=many.decider.root)
    selection = many.selection(many.photos, decided=many.decided)
    if many.left and many.decided:
        raise UsageError("--left means what nobody decided, --decided also the rest", remedy="give one of them")
    if many.sample is not None and many.yes:
        raise UsageError("--sample only shows photos, --yes decides on all of them", remedy="leave one of them out")
    if not many.left and selection.is_everything:
        raise UsageError(
            "no photo was named", remedy="name some, or say which with --in, --why, --uncertainty or --left"
        )
    if selection.names_photos_alone and many.sample is None:
        found = chosen(review, selection)
    else:
        found = _agreed(review, selection, what, many)
    return decide_on(review, found, answer, many.decider)


def decide_on(review: Review, sources: Sequence[str], answer: Answer, decider: Decider) -> int:
    """Give photos the same answer and print each; a name that is wrong stops before anything is decided.

    Returns:
        The exit code: 3 where some could not be decided.
    """
    from packshot.decisions.person import person

    if not sources:
        return 0
    if decider.seen is not None and len(sources) > 1:
        raise UsageError("--seen stands for one result", remedy="decide on one photo at a time, or leave --seen out")
    done = review.decide_all(sources, answer, by=person(decider.by), token=decider.seen)
    if len(sources) == 1:
        for error in done.refused.values():
            raise error
    return tell(done, as_json=decider.as_json)


def tell(done: Decided, *, as_json: bool) -> int:
    """Print what was decided, and on stderr what could not be.

    Returns:
        The exit code: 3 where some could not be decided.
    """
    from packshot.review import decision_words

    for decision in done.made:
        row = {"source": decision.source, "decision": decision.model_dump(mode="json"), "error": None}
        print_row(row, f"{decision.source}: {decision_words(decision)}", as_json=as_json)
    for source, error in done.refused.items():
        click.echo(str(error), err=True)
        print_row({"source": source, "decision": None, "error": error.to_dict()}, "", as_json=as_json)
    return 3 if done.refused else 0


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


def _agreed(review: Review, selection: Selection, what: str, many: Many) -> list[str]:
    """The photos that are meant, after a look at a sample; none where nothing is to be decided."""
    from packshot.review import select
    from packshot.review.rows import case_row
    from packshot.review.sample_page import write_sample
    from packshot.review.words import case_table

    cases = select(review, selection)
    if not cases:
        raise UsageError(f"nothing to {what}: no photo is like this", remedy="see `packshot review list OUT`")
    all_of_them = counted(len(cases), "photo")
    if many.sample is not None or not many.yes:
        some, page = write_sample(review, cases, many.sample or _SHOWN)
        rows = ({**case_row(case, review), "sample": True} for case in some)
        print_table(rows, *case_table(some), left=5, as_json=many.decider.as_json)
        click.echo(f"{len(some):,} of {all_of_them} to look at: {page}", err=True)
    if many.sample is not None:
        click.echo(f"would {what} {all_of_them}; nothing was decided: repeat without --sample to decide", err=True)
    elif confirmed(f"{what} {all_of_them}", yes=many.yes):
        return [case.source for case in cases]
    return []
