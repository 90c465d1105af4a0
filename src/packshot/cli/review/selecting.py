"""Options by which ``packshot review`` is told many photos at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from packshot.cli.declaring import Decorator, options
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.review import Selection

__all__ = ["selection_from", "selection_options", "sources_argument"]

sources_argument = click.argument("sources", nargs=-1, metavar="[SOURCE|GLOB]...")


class Limits(click.ParamType[tuple[float, float]]):
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


def selection_options(*, check: bool = False) -> Decorator:
    """``--in``, ``--why``, ``--uncertainty``; with `check` also ``--left --decided --sample --yes``."""
    which = (
        click.option("--in", "category", metavar="CATEGORY", help="Photos of this category or below it; or none."),
        click.option(
            "--why",
            multiple=True,
            metavar="REASON",
            help="Photos with this reason to look: mask, rules, frame, category, damage, nothing-found, a doubt such as"
            " held, or a rule that does not hold.",
        ),
        click.option(
            "--uncertainty", type=Limits(), metavar="LOW..HIGH", help="Photos whose mask is this uncertain, 0..1."
        ),
    )
    if not check:
        return options(*which)
    return options(
        *which,
        click.option("--left", is_flag=True, help="All that is left: every photo that nobody decided."),
        click.option("--decided", is_flag=True, help="Also photos that were decided on."),
        click.option(
            "--sample", type=click.IntRange(1), metavar="N", help="Only show N of them, half the most doubtful."
        ),
        click.option("--yes", is_flag=True, help="Decide on all of them without being asked."),
    )


def selection_from(
    sources: Sequence[str],
    *,
    category: str | None,
    why: Sequence[str],
    uncertainty: tuple[float, float] | None,
    decided: bool,
    left: bool | None = None,
) -> Selection:
    """The photos that were typed.

    Args:
        sources: names and globs.
        category: of `Selection`, and so are the next three.
        why: reasons to look.
        uncertainty: least and greatest.
        decided: whether photos that are decided are meant, too.
        left: all that is left; None where that is meant by itself.

    Raises:
        UsageError: none were, or `left` and `decided` contradict each other.
    """
    from packshot.review import Selection

    selection = Selection(tuple(sources), category, tuple(why), uncertainty, decided)
    if left and decided:
        raise UsageError("--left means what nobody decided, --decided also the rest", remedy="give one of them")
    if left is False and selection == Selection(decided=decided):
        raise UsageError(
            "no photo was named", remedy="name some, or say which with --in, --why, --uncertainty or --left"
        )
    return selection
