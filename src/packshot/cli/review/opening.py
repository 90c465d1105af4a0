"""What all commands of ``packshot review`` share: how the folder is opened, and who decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packshot.cli.options import settings_from
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.review import Decision, Review

__all__ = ["by_option", "described", "open_review", "out_argument", "person", "root_option", "seen_option"]

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
    from packshot.batch.manifest import MANIFEST, read_manifest
    from packshot.review import Review

    if not Path(out).is_dir():
        raise UsageError(f"{out}: no such folder", remedy="name the folder `packshot run ... -o` wrote to")
    settings = settings_from()
    return Review(
        Path(out) / MANIFEST,
        read_manifest,
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


def described(decision: Decision) -> str:
    """A decision in words."""
    if decision.category is not None:
        what = "category " + " > ".join(node.name for node in decision.category)
    elif decision.frame is not None:
        box = decision.frame.box
        what = "no frame" if box is None else f"frame around {' '.join(map(str, box))}"
    elif decision.reason is not None:
        what = f"rejected: {decision.reason}"
    else:
        what = {"approve": "approved", "mask": "mask corrected"}[decision.kind.value]
    return f"{what}, by {decision.by}, {decision.at:%Y-%m-%d %H:%M} UTC"
