"""What the commands of ``packshot review`` are asked: on which results, of which photos, by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.command import argument, option
from packshot.cli.options import JSON, ROOT, settings_from
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.review import Review, Selection

__all__ = ["BY", "OUT", "PHOTOS", "Decider", "Many", "Which", "reviewed"]

OUT = argument("OUT")
PHOTOS = argument("[SOURCE|GLOB]...", required=False)
BY = option("--by", metavar="NAME", help="Who decides. [default: your login name]")


class _Limits(click.ParamType[tuple[float, float]]):
    """``LOW..HIGH``, either may be left out."""

    name = "low..high"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        """Two numbers in 0..1; anything else is refused."""
        low, dots, high = str(value).partition("..")
        try:
            limits = float(low or 0), float(high or 1)
        except ValueError:
            limits = 1.0, 0.0
        if not dots or not 0 <= limits[0] <= limits[1] <= 1:
            self.fail(f"expected two numbers in 0..1 such as 0.02..0.1, ..0.05 or 0.2.., got {value!r}", param, ctx)
        return limits


@dataclass(frozen=True, kw_only=True)
class Which:
    """Photos by what is true of them."""

    category: str | None = option("--in", metavar="CATEGORY", help="Photos of this category or below it; or none.")
    why: tuple[str, ...] = option(
        "--why",
        metavar="REASON",
        help="Photos with this reason to look: damage, mask, frame, overlay, rules, enlarged, picture, category,"
        " nothing-found, a doubt about the mask such as held, or a rule that does not hold.",
    )
    uncertainty: tuple[float, float] | None = option(
        "--uncertainty",
        type=_Limits(),
        metavar="LOW..HIGH",
        help="Photos whose mask is this uncertain, 0..1.",
    )

    def selection(self, photos: tuple[str, ...], *, decided: bool) -> Selection:
        """Those of `photos` (names and globs) of which all of it holds."""
        from packshot.review import Selection

        return Selection(photos, self.category, self.why, self.uncertainty, decided)


@dataclass(frozen=True, kw_only=True)
class Decider:
    """Who decides, and on what."""

    root: str = ROOT
    by: str | None = BY
    seen: str | None = option(
        "--seen",
        metavar="TOKEN",
        help="Decide only if the result is still the one `list` or `show` gave this token for.",
    )
    as_json: bool = JSON


@dataclass(frozen=True, kw_only=True)
class Many(Which):
    """Photos that are decided on alike: which, how they are looked at before, and by whom."""

    out: str = OUT
    photos: tuple[str, ...] = PHOTOS
    left: bool = option("--left", help="All that is left: every photo that nobody decided.")
    decided: bool = option("--decided", help="Also photos that were decided on.")
    sample: int | None = option(
        "--sample",
        type=click.IntRange(1),
        metavar="N",
        help="Only show N of them, half the most doubtful, and decide nothing.",
    )
    yes: bool = option("--yes", help="Decide on all of them without being asked.")
    decider: Decider


def reviewed(out: str, *, root: str = ".", prices: Mapping[str, float] | None = None) -> Review:
    """The results in an output folder, and what was decided of them.

    Raises:
        UsageError: there is no such folder, no manifest in it, or something in it is damaged; or it lies in a bucket.
    """
    from packshot.review import open_review
    from packshot.storage.objects import is_object_uri

    if is_object_uri(out):
        raise UsageError(f"{out}: nothing is decided on in a bucket", remedy="copy what the run wrote to a disk first")
    return open_review(Path(out), settings_from(), root=Path(root), prices=prices)
