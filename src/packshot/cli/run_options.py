"""Options of ``packshot run`` that belong together: the picture, its name, what is said of it, and its texts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import option

if TYPE_CHECKING:
    from packshot.engines import Engine
    from packshot.marketplace import Profile
    from packshot.settings import Settings
    from packshot.wording import Wording

__all__ = ["Cluster", "Describing", "Names", "Picture", "Texts"]


class _Shadow(click.ParamType[float | str]):
    """A strength in 0..1, or ``photo``."""

    name = "0..1|photo"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float | str:
        """A number or the word; anything else is refused."""
        if value == "photo":
            return "photo"
        try:
            strength = float(str(value))
        except ValueError:
            strength = -1.0
        if not 0 <= strength <= 1:
            self.fail(f"expected a number in 0..1 or photo, got {value!r}", param, ctx)
        return strength


@dataclass(frozen=True)
class Picture:
    """How a packshot is composed; None changes nothing."""

    size: str | None = option("--size", metavar="WxH", help="Exact canvas in pixels, instead of the profile's.")
    fill: float | None = option(
        "--fill", type=click.FloatRange(0.05, 1.0), help="Share of the canvas the product takes."
    )
    fill_of: Literal["side", "box", "area"] | None = option(
        "--fill-of", help="What --fill is a share of. [default: side]"
    )
    margin: float | None = option(
        "--margin", type=click.FloatRange(0, 0.49), help="Least distance to the edges, as a share."
    )
    anchor: Literal["centre", "top", "bottom", "left", "right"] | None = option(
        "--position", help="Where the product stands. [default: the profile's]"
    )
    background: str | None = option(
        "--background", metavar="COLOUR", help="#rrggbb, transparent, or the path of a picture."
    )
    shadow: float | str | None = option(
        "--shadow",
        type=_Shadow(),
        help="Strength of a drawn contact shadow, 0 is none; or photo, to keep the one that was photographed on a"
        " plain background. [default: the profile's]",
    )
    format: Literal["jpeg", "png", "webp", "avif", "tiff"] | None = option("--format", help="File to write.")
    quality: int | None = option("--quality", type=click.IntRange(50, 100), help="Encoder quality.")
    max_kb: int | None = option(
        "--max-kb", type=click.IntRange(1), help="Largest file in kB (1000 bytes), met by lowering the quality."
    )
    creator: str | None = option(
        "--creator", metavar="NAME", help="Who made the pictures, written into their metadata."
    )
    credit: str | None = option("--credit", metavar="NAME", help="Whom to credit, written into the pictures' metadata.")

    def profiles(self, names: tuple[str, ...]) -> tuple[list[Profile], str | None]:
        """The profiles that were typed with their compositions changed, and the path of the background picture.

        Raises:
            UsageError: there is no such profile, a value is wrong, or the picture is not there.
        """
        from packshot.marketplace import load_typed_profiles
        from packshot.marketplace.changing import change_compositions

        return change_compositions(load_typed_profiles(names), **asdict(self))


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
