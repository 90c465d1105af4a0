"""Options of ``packshot run`` for the picture: canvas, background, shadow, file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

import click

from packshot.cli.command import option

if TYPE_CHECKING:
    from packshot.marketplace import Profile

__all__ = ["Picture"]


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
