"""What all commands that touch a catalogue share: how it is opened, and which items are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli.declaring import Decorator, gathered

if TYPE_CHECKING:
    from packshot.catalogue.store import Filter, Store

__all__ = ["catalogue_option", "filter_options", "ground_option", "store_at"]

catalogue_option = click.option(
    "-c",
    "--catalogue",
    required=True,
    metavar="CATALOGUE",
    help="A folder; s3://, gs:// or az:// with a path; milvus://host:port/collection.",
)


def ground_option(text: str) -> Decorator:
    """``--ground``, with its own line of help."""
    return click.option("--ground", type=click.Choice(["photo", "white", "both"]), help=text)


def _where(*, category: str | None, attributes: tuple[str, ...], since: str | None, until: str | None) -> Filter:
    from packshot.catalogue.filters import parse_filter

    return parse_filter(category=category, attributes=attributes, since=since, until=until)


#: The items that are meant, as `where`.
filter_options = gathered(
    "where",
    _where,
    click.option("--category", metavar="ID|NAME", help="Items of this category and of those below it."),
    click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="May be repeated."),
    click.option("--since", metavar="TIME", help="Items added from then on: a date or an ISO time."),
    click.option("--until", metavar="TIME", help="Items added before: a date or an ISO time."),
)


def store_at(catalogue: str, *, create: bool = False) -> Store:
    """Open a catalogue; see `packshot.catalogue.store.open_store`."""
    from packshot.catalogue.store import open_store

    return open_store(catalogue, create=create)
