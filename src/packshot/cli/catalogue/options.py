"""What the commands that touch a catalogue share: how it is named, which items are meant, and what embeds photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from packshot.cli.command import option
from packshot.cli.options import DESCRIBE_MODEL, JOBS, MEGAPIXELS, THREADS, TIME_LIMIT, settings_from

if TYPE_CHECKING:
    from packshot.catalogue.indexing import Background, WorkerOptions
    from packshot.catalogue.store import Filter
    from packshot.settings import Settings

__all__ = ["CATALOGUE", "Embedding", "Ground", "Which", "background"]

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


@dataclass(frozen=True)
class Embedding:
    """The network that embeds photos, and the worker processes it runs in."""

    jobs: int | None = JOBS
    time_limit: float = TIME_LIMIT
    describe_model: str | None = DESCRIBE_MODEL
    threads: int | None = THREADS
    max_megapixels: float | None = MEGAPIXELS

    def settings(self) -> Settings:
        """Of each worker, which share the cores.

        Raises:
            UsageError: a value is wrong.
        """
        from packshot.machine import usable_cores

        settings = settings_from(
            describe_model=self.describe_model, threads=self.threads, max_megapixels=self.max_megapixels
        )
        return settings.shared_between(self.jobs or usable_cores())

    def workers(self, settings: Settings) -> WorkerOptions:
        """The processes, as `index_photos` and `reindex` take them."""
        from packshot.catalogue.indexing import worker_options

        return worker_options(settings, jobs=self.jobs, time_limit_s=self.time_limit)
