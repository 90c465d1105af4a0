"""The options of the whole flow, which ``packshot run`` and ``packshot watch`` have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import option
from packshot.cli.options import JSON, MEGAPIXELS, TIME_LIMIT, Network, OwnTree, settings_from
from packshot.cli.picture_options import Picture
from packshot.cli.run_options import Describing, Names, Texts

if TYPE_CHECKING:
    from packshot.batch import PhotoProcessing
    from packshot.settings import Settings

__all__ = ["Flow"]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """How photos become packshots."""

    profiles: tuple[str, ...] = option(
        "--profile",
        metavar="NAME|FILE,...",
        help="Marketplace profiles; a picture is made for each. [default: plain]",
    )
    picture: Picture
    names: Names
    catalogue: str | None = option(
        "-c", "--catalogue", metavar="CATALOGUE", help="Add finished photos to a catalogue, unless they are there."
    )
    jobs: int | None = option("--jobs", type=click.IntRange(1, 256), help="Worker processes. [default: one per core]")
    time_limit: float = TIME_LIMIT
    describing: Describing
    consistent: Literal["sku", "category"] | None = option(
        "--consistent",
        help="Bring the pictures of a product, or of a category, to one size, base line and (a product's) light.",
    )
    own_tree: OwnTree
    texts: Texts
    network: Network
    max_megapixels: float | None = MEGAPIXELS
    as_json: bool = JSON

    @property
    def settings(self) -> Settings:
        """Settings of the environment, overridden by the options that were given.

        Raises:
            UsageError: a value is wrong.
        """
        return settings_from(self.network, self.describing, self.own_tree, max_megapixels=self.max_megapixels)

    def processing(self, settings: Settings) -> PhotoProcessing:
        """How one photo becomes results.

        Args:
            settings: of the pipeline of each worker.

        Raises:
            UsageError: a profile, or what is said of its pictures, is wrong.
        """
        from packshot.batch.pipeline import photo_processing

        profiles, backdrop = self.picture.profiles(self.profiles)
        return photo_processing(settings, profiles, backdrop, date.today())

    def check(self) -> None:
        """See that the options make sense before any photo is there.

        Raises:
            UsageError: they do not.
        """
        from packshot.batch import Naming
        from packshot.catalogue.store import is_there

        if self.catalogue is not None:
            is_there(self.catalogue)
        self.picture.profiles(self.profiles)
        self.texts.wording(self.settings)
        Naming.typed(self.names.sku, self.names.names).grouping(self.consistent)
