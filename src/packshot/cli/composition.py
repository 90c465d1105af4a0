"""Options that say how a packshot is composed, and how they change a profile's composition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packshot.cli.options import Shadow, existing_file

if TYPE_CHECKING:
    from packshot.marketplace import Profile

__all__ = ["composition_options", "profiles_from"]

Command = TypeVar("Command", bound=Callable[..., Any])

_FIELDS = (
    "fill",
    "fill_of",
    "margin",
    "anchor",
    "shadow",
    "format",
    "quality",
    "creator",
    "credit",
)  # as `Composition` names them


def composition_options(command: Command) -> Command:
    """``--size``, ``--fill``, ``--fill-of``, ``--margin``, ``--position``, ``--background``, ``--shadow``, the file."""
    for option in (
        click.option("--credit", metavar="NAME", help="Whom to credit, written into the pictures' metadata."),
        click.option("--creator", metavar="NAME", help="Who made the pictures, written into their metadata."),
        click.option(
            "--max-kb", type=click.IntRange(1), help="Largest file in kB (1000 bytes), met by lowering the quality."
        ),
        click.option("--quality", type=click.IntRange(50, 100), help="Encoder quality."),
        click.option("--format", "format", type=click.Choice(["jpeg", "png", "webp", "avif"]), help="File to write."),
        click.option(
            "--shadow",
            type=Shadow(),
            help="Strength of a drawn contact shadow, 0 is none; or photo, to keep the one that was photographed on a"
            " plain background. [default: the profile's]",
        ),
        click.option("--background", metavar="COLOUR", help="#rrggbb, transparent, or the path of a picture."),
        click.option(
            "--position",
            "anchor",
            type=click.Choice(["centre", "top", "bottom", "left", "right"]),
            help="Where the product stands. [default: the profile's]",
        ),
        click.option("--margin", type=click.FloatRange(0, 0.49), help="Least distance to the edges, as a share."),
        click.option(
            "--fill-of", type=click.Choice(["side", "box", "area"]), help="What --fill is a share of. [default: side]"
        ),
        click.option("--fill", type=click.FloatRange(0.05, 1.0), help="Share of the canvas the product takes."),
        click.option("--size", metavar="WxH", help="Exact canvas in pixels, instead of the profile's."),
    ):
        command = option(command)
    return command


def profiles_from(names: Sequence[str], options: dict[str, Any]) -> tuple[list[Profile], str | None]:
    """The profiles, their compositions changed by the options that were given, and the path of the background picture.

    Args:
        names: as they were typed: names or files, also several with commas between; none is ``plain``.
        options: of the command; those of `composition_options` are taken out.

    Raises:
        UsageError: there is no such profile, one was given twice, a value is wrong, or the picture is not there.
    """
    from packshot.composition import override_composition, parse_size
    from packshot.marketplace import load_profiles

    size, background, max_kb = (options.pop(name) for name in ("size", "background", "max_kb"))
    changes = {name: options.pop(name) for name in _FIELDS}
    typed = [part for name in names for part in ([name] if Path(name).is_file() else name.split(","))]
    profiles = load_profiles([part.strip() for part in typed] or ["plain"])
    backdrop = None
    if background is not None and not (background.startswith("#") or background == "transparent"):
        backdrop, background = str(existing_file(background)), "picture"
    changes |= {
        "size": None if size is None else parse_size(size),
        "background": background,
        "max_bytes": None if max_kb is None else max_kb * 1000,
    }
    changed = [
        each.model_copy(update={"composition": override_composition(each.composition, **changes)}) for each in profiles
    ]
    return changed, backdrop
