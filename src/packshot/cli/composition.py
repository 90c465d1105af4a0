"""Options that say how a packshot is composed, and how they change a profile's composition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.declaring import Shadow, gathered
from packshot.cli.files import existing_file

if TYPE_CHECKING:
    from packshot.marketplace import Profile

__all__ = ["CompositionOptions", "composition_options", "load_typed_profiles"]


@dataclass(frozen=True, slots=True)
class CompositionOptions:
    """How a packshot is composed, as it was typed; None changes nothing."""

    size: str | None
    fill: float | None
    fill_of: str | None
    margin: float | None
    anchor: str | None
    background: str | None
    shadow: float | str | None
    format: str | None
    quality: int | None
    max_kb: int | None
    creator: str | None
    credit: str | None

    def changed(self, profiles: Sequence[Profile]) -> tuple[list[Profile], str | None]:
        """The profiles with their compositions changed, and the path of the background picture.

        Raises:
            UsageError: a value is wrong, or the picture is not there.
        """
        from packshot.composition import override_composition, parse_size

        background, backdrop = self.background, None
        if background is not None and not (background.startswith("#") or background == "transparent"):
            backdrop, background = str(existing_file(background)), "picture"
        changes = asdict(self) | {
            "size": None if self.size is None else parse_size(self.size),
            "background": background,
            "max_bytes": None if self.max_kb is None else self.max_kb * 1000,
        }
        del changes["max_kb"]
        made = [
            each.model_copy(update={"composition": override_composition(each.composition, **changes)})
            for each in profiles
        ]
        return made, backdrop


#: How a packshot is composed, as `picture`.
composition_options = gathered(
    "picture",
    CompositionOptions,
    click.option("--size", metavar="WxH", help="Exact canvas in pixels, instead of the profile's."),
    click.option("--fill", type=click.FloatRange(0.05, 1.0), help="Share of the canvas the product takes."),
    click.option(
        "--fill-of", type=click.Choice(["side", "box", "area"]), help="What --fill is a share of. [default: side]"
    ),
    click.option("--margin", type=click.FloatRange(0, 0.49), help="Least distance to the edges, as a share."),
    click.option(
        "--position",
        "anchor",
        type=click.Choice(["centre", "top", "bottom", "left", "right"]),
        help="Where the product stands. [default: the profile's]",
    ),
    click.option("--background", metavar="COLOUR", help="#rrggbb, transparent, or the path of a picture."),
    click.option(
        "--shadow",
        type=Shadow(),
        help="Strength of a drawn contact shadow, 0 is none; or photo, to keep the one that was photographed on a"
        " plain background. [default: the profile's]",
    ),
    click.option("--format", "format", type=click.Choice(["jpeg", "png", "webp", "avif"]), help="File to write."),
    click.option("--quality", type=click.IntRange(50, 100), help="Encoder quality."),
    click.option(
        "--max-kb", type=click.IntRange(1), help="Largest file in kB (1000 bytes), met by lowering the quality."
    ),
    click.option("--creator", metavar="NAME", help="Who made the pictures, written into their metadata."),
    click.option("--credit", metavar="NAME", help="Whom to credit, written into the pictures' metadata."),
)


def load_typed_profiles(names: Sequence[str]) -> list[Profile]:
    """The profiles that were typed: names or files, also several with commas between; none is ``plain``.

    Raises:
        UsageError: there is no such profile, or one was given twice.
    """
    from packshot.marketplace import load_profiles

    typed = [part for name in names for part in ([name] if Path(name).is_file() else name.split(","))]
    return load_profiles([part.strip() for part in typed] or ["plain"])
