"""What the commands that touch a catalogue share: how it is named, and which items are meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from packshot.cli.command import option

if TYPE_CHECKING:
    from packshot.catalogue.indexing import Background
    from packshot.catalogue.store import Filter

__all__ = ["CATALOGUE", "Ground", "Which", "background"]

Ground = Literal["photo", "white", "both"] | None

CATALOGUE = option(
    "-c",
    "--catalogue",
    metavar="CATALOGUE",
    help="A folder; s3://, gs:// or az:// with a path; milvus://host:port/collection.",
)


def background(ground: Ground) -> Background | None:
    """What products stand on, as it was typed."""
    from packshot.catalogue.indexing import Background

    return None if ground is None else Background(ground)


@dataclass(frozen=True)
class Which:
    """The items that are meant."""

    category: str | None = option("--category", metavar="ID|NAME", help="Items of this category and of those below it.")
    attributes: tuple[str, ...] = option("--attribute", metavar="NAME=VALUE", help="May be repeated.")
    since: str | None = option("--since", metavar="TIME", help="Items added from then on: a date or an ISO time.")
    until: str | None = option("--until", metavar="TIME", help="Items added before: a date or an ISO time.")

    def filter(self) -> Filter:
        """Them as a store is asked; see `packshot.catalogue.filters.parse_filter`."""
        from packshot.catalogue.filters import parse_filter

        return parse_filter(category=self.category, attributes=self.attributes, since=self.since, until=self.until)
