"""What all commands of ``packshot review`` share: how the folder is opened, who decides, and what is printed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.options import root_option, settings_from
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.review import Answer, Decided, Review

__all__ = [
    "by_option",
    "decide_on",
    "open_review",
    "out_argument",
    "person",
    "root_option",
    "seen_option",
    "tell",
]

out_argument = click.argument("out", metavar="OUT")
by_option = click.option("--by", metavar="NAME", help="Who decides. [default: your login name]")
seen_option = click.option(
    "--seen", metavar="TOKEN", help="Decide only if the result is still the one `list` or `show` gave this token for."
)


def open_review(out: str, *, root: str = ".", prices: Mapping[str, float] | None = None) -> Review:
    """The results in an output folder, and what was decided of them.

    Raises:
        UsageError: there is no such folder, no manifest in it, or something in it is damaged.
    """
    from packshot.records import MANIFEST
    from packshot.review import Review

    if not Path(out).is_dir():
        raise UsageError(f"{out}: no such folder", remedy="name the folder `packshot run ... -o` wrote to")
    settings = settings_from()
    return Review(
        Path(out) / MANIFEST,
        root=Path(root),
        review_above=settings.review_above,
        prices=prices,
        limits=settings.limits,
    )


def person(by: str | None) -> str:
    """Who decides.

    Raises:
        UsageError: nobody was named, and the system does not know either.
    """
    import getpass

    if by is not None:
        return by
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise UsageError("nobody knows who you are", remedy="say who decides with --by NAME") from error


def decide_on(
    review: Review, sources: Sequence[str] | None, answer: Answer, *, by: str, token: str | None, as_json: bool
) -> int:
    """Give photos the same answer and print each; a name that is wrong stops before anything is decided.

    Args:
        review: the results.
        sources: None to do nothing.
        answer: what is said of each.
        by: who decides.
        token: of what was looked at.
        as_json: how it is printed.

    Returns:
        The exit code: 3 where some could not be decided.
    """
    if sources is None:
        return 0
    if token is not None and len(sources) > 1:
        raise UsageError("--seen stands for one result", remedy="decide on one photo at a time, or leave --seen out")
    done = review.decide_all(sources, answer, by=by, token=token)
    if len(sources) == 1:
        for error in done.refused.values():
            raise error
    return tell(done, as_json)


def tell(done: Decided, as_json: bool) -> int:
    """Print what was decided, and on stderr what could not be.

    Returns:
        The exit code: 3 where some could not be decided.
    """
    from packshot.review import decision_words

    for decision in done.made:
        if as_json:
            made = decision.model_dump(mode="json")
            click.echo(json.dumps({"source": decision.source, "decision": made, "error": None}))
        else:
            click.echo(f"{decision.source}: {decision_words(decision)}")
    for source, error in done.refused.items():
        click.echo(str(error), err=True)
        if as_json:
            click.echo(json.dumps({"source": source, "decision": None, "error": error.to_dict()}))
    return 3 if done.refused else 0
