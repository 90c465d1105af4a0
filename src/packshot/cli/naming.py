"""Options that say which product a photo shows, and what finished pictures are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.cli.declaring import options
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Naming

__all__ = ["naming_from", "naming_options"]

#: Which product a photo shows, what pictures are called, and whether what is left over is put away.
naming_options = options(
    click.option(
        "--sku",
        metavar="RULE",
        help="Where the SKU stands: name, folder, re:PATTERN with a group, or TABLE.csv:COLUMN.",
    ),
    click.option(
        "--name",
        "names",
        multiple=True,
        metavar="[PROFILE=]PATTERN",
        help="What pictures are called: gs1, walmart, text with {sku}, {view}, {gtin}, {stem}, {name}, {folder}, "
        "{profile} or a column of the table. [default: as the photos]",
    ),
    click.option(
        "--prune",
        is_flag=True,
        help="Move what is left of photos that are gone, and of profiles left out, to OUT/trash.",
    ),
)


def naming_from(sku: str | None, names: tuple[str, ...]) -> Naming:
    """What the options say.

    Raises:
        UsageError: two patterns for one profile.
    """
    from packshot.batch import Naming

    patterns: dict[str, str] = {}
    for text in names:
        profile, found, pattern = text.partition("=")
        # An equals sign may be part of a pattern; a profile's name has no braces.
        if not found or "{" in profile:
            profile, pattern = "", text
        if profile in patterns:
            raise UsageError(
                f"--name: two patterns for {profile or 'every profile'}, {patterns[profile]} and {pattern}",
                remedy="give one, or one for each profile: --name amazon={sku}_{view}",
            )
        patterns[profile] = pattern
    return Naming(sku, patterns)
