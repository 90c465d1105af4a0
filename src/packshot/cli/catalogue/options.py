"""What all commands that touch a catalogue share: how it is opened, which items are meant, what embeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.catalogue.store import Filter, Store
    from packshot.pipeline import Pipeline
    from packshot.settings import Settings

__all__ = [
    "catalogue_option",
    "filter_from",
    "filter_options",
    "ground_option",
    "make_pipeline",
    "store_at",
]

Command = TypeVar("Command", bound=Callable[..., Any])

catalogue_option = click.option(
    "-c",
    "--catalogue",
    required=True,
    metavar="CATALOGUE",
    help="A folder; s3://, gs:// or az:// with a path; milvus://host:port/collection.",
)


def ground_option(text: str) -> Callable[[Command], Command]:
    """``--ground``, with its own line of help."""
    return click.option("--ground", type=click.Choice(["photo", "white", "both"]), help=text)


def filter_options(command: Command) -> Command:
    """``--category``, ``--attribute``, ``--since``, ``--until``."""
    for option in (
        click.option("--until", metavar="TIME", help="Items added before: a date or an ISO time."),
        click.option("--since", metavar="TIME", help="Items added from then on: a date or an ISO time."),
        click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="May be repeated."),
        click.option("--category", metavar="ID|NAME", help="Items of this category and of those below it."),
    ):
        command = option(command)
    return command


def filter_from(*, category: str | None, attributes: tuple[str, ...], since: str | None, until: str | None) -> Filter:
    """The items that the options name.

    Raises:
        UsageError: an attribute without a value, or something that is no time.
    """
    from packshot.catalogue.store import Filter

    wanted: dict[str, str] = {}
    for text in attributes:
        name, sign, value = text.partition("=")
        if not (name and sign and value):
            raise UsageError(
                f"--attribute: expected NAME=VALUE, got {text!r}", remedy="for example --attribute kids=yes"
            )
        wanted[name] = value
    return Filter(
        category=None if category is None else _category(category),
        attributes=wanted,
        since=_moment("--since", since),
        until=_moment("--until", until),
    )


def store_at(catalogue: str, *, create: bool = False) -> Store:
    """Open a catalogue; see `packshot.catalogue.store.open_store`."""
    from packshot.catalogue.store import open_store

    return open_store(catalogue, create=create)


def make_pipeline(settings: Settings) -> Pipeline:
    """What embeds; called in each worker process."""
    import cv2

    from packshot.pipeline import Pipeline

    cv2.setNumThreads(settings.threads)
    return Pipeline(settings=settings)


def _category(text: str) -> str:
    """An id; what the shipped tree does not know may be of a tree of one's own."""
    from packshot.description.taxonomy import load_taxonomy

    try:
        return load_taxonomy().lookup(text).id
    except UsageError:
        return text


def _moment(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        # Without a zone it is the local time.
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            f"{option}: expected a date or an ISO time, got {text!r}", remedy=f"for example {option} 2026-05-31"
        ) from None
