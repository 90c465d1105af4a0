"""What all commands of ``packshot review`` share: how the folder is opened, who decides, and what is printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packshot.cli.options import settings_from
from packshot.errors import OutputError, PackshotError, UsageError

if TYPE_CHECKING:
    from packshot.review import Decision, Review

__all__ = ["by_option", "decide_each", "open_review", "out_argument", "person", "root_option", "seen_option"]

Command = TypeVar("Command", bound=Callable[..., Any])

out_argument = click.argument("out", metavar="OUT")
by_option = click.option("--by", metavar="NAME", help="Who decides. [default: your login name]")
root_option = click.option(
    "--root",
    default=".",
    metavar="FOLDER",
    help="Where `packshot run` was typed, if its photos were named by relative paths. [default: here]",
)
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


def decide_each(
    review: Review, sources: Sequence[str], token: str | None, as_json: bool, decide: Callable[[str], Decision]
) -> int:
    """Decide on each photo and print it; a name that is wrong stops before anything is decided.

    Returns:
        The exit code: 3 where some could not be decided.
    """
    from packshot.review import decision_words

    whole = list(dict.fromkeys(review.records.one(source).source for source in sources))
    if token is not None and len(whole) > 1:
        raise UsageError("--seen stands for one result", remedy="decide on one photo at a time, or leave --seen out")
    failed = 0
    for source in whole:
        try:
            decision = decide(source)
        except OutputError:
            raise
        except PackshotError as error:
            if len(whole) == 1 and isinstance(error, UsageError):
                raise
            failed += 1
            click.echo(str(error), err=True)
            if as_json:
                click.echo(json.dumps({"source": source, "decision": None, "error": error.to_dict()}))
            continue
        if as_json:
            made = decision.model_dump(mode="json")
            click.echo(json.dumps({"source": source, "decision": made, "error": None}))
        else:
            click.echo(f"{source}: {decision_words(decision)}")
    return 3 if failed else 0
