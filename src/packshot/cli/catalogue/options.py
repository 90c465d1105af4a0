"""What all commands that touch a catalogue share: how it is opened, which items are meant, what embeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

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
    """The items that the options name; see `packshot.catalogue.filters.parse_filter`."""
    from packshot.catalogue.filters import parse_filter

    return parse_filter(category=category, attributes=attributes, since=since, until=until)


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
