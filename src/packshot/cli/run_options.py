"""Options of ``packshot run`` that belong together: names, describing, texts, and where the work is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import option

if TYPE_CHECKING:
    from packshot.engines import Engine
    from packshot.settings import Settings
    from packshot.wording import Wording

__all__ = ["Cluster", "Describing", "Names", "Texts"]


@dataclass(frozen=True)
class Names:
    """Which product a photo shows, what pictures are called, and whether what is left over is put away."""

    sku: str | None = option(
        "--sku",
        metavar="RULE",
        help="Where the SKU stands: name, folder, re:PATTERN with a group, or TABLE.csv:COLUMN.",
    )
    names: tuple[str, ...] = option(
        "--name",
        metavar="[PROFILE=]PATTERN",
        help="What pictures are called: gs1, walmart, text with {sku}, {view}, {gtin}, {stem}, {name}, {folder}, "
        "{profile} or a column of the table. [default: as the photos]",
    )
    prune: bool = option(
        "--prune", help="Move what is left of photos that are gone, and of profiles left out, to OUT/trash."
    )


@dataclass(frozen=True)
class Describing:
    """What says what is in a photo; each a field of `Settings`."""

    describe_model: str | None = option(
        "--describe-model",
        metavar="NAME|FILE|none",
        help="What says what is in a photo: a name `packshot models` shows, an ONNX file, or none. [default: describe]",
    )
    precision: float | None = option(
        "--precision",
        type=click.FloatRange(0, 1, min_open=True),
        metavar="P",
        help="Share of categories and labels that should be right; else the parent is answered. [default: 0.95]",
    )
    scene: bool = option(
        "--scene",
        help="Also tell several products of one photo, each on its own crop, as `classify --scene`; costs time.",
    )


@dataclass(frozen=True)
class Cluster:
    """Where the work is done."""

    engine: Literal["processes", "ray"] = option(
        "--engine", default="processes", help="Worker processes of this machine, or a Ray cluster (extra: ray)."
    )
    address: str | None = option(
        "--address",
        metavar="HOST:PORT|auto",
        help="Of the Ray cluster's head. [default: RAY_ADDRESS, or one of this machine's own for this run]",
    )

    def engine_for(self, jobs: int | None, time_limit_s: float) -> Engine | None:
        """The engine that was asked for; None for worker processes of this machine.

        Args:
            jobs: workers; None for one per core.
            time_limit_s: seconds one photo may take.

        Raises:
            UsageError: the extra ``ray`` is not installed, or an address is of no cluster.
        """
        from packshot.engines import ray_engine
        from packshot.errors import UsageError

        if self.engine == "ray":
            return ray_engine(self.address, jobs, time_limit_s=time_limit_s)
        if self.address is not None:
            raise UsageError("--address is that of a Ray cluster", remedy="add --engine ray")
        return None


@dataclass(frozen=True)
class Texts:
    """In which languages and words titles and alt texts are written."""

    languages: str = option(
        "--language",
        default="en",
        metavar="CODES",
        help="Languages of title and alt text, the shop's own first: en,de,pl, or none.",
    )
    texts: str | None = option(
        "--texts", metavar="FILE", help="Your own words for titles and alt texts (TOML), see docs/how-to/texts.md."
    )

    def wording(self, settings: Settings) -> Wording | None:
        """What writes the texts in the tree that settings name; None where none are asked for.

        Raises:
            UsageError: a language or a file is wrong.
        """
        from packshot.description.own_tree import read_tree
        from packshot.wording import typed_wording

        own = None if self.texts is None else Path(self.texts)
        return typed_wording(self.languages, own, lambda: read_tree(settings.taxonomy))
