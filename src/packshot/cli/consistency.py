"""The option that makes pictures of a group alike, and what came of it in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.batch import Grouping, Summary

__all__ = ["consistency_lines", "consistent_from", "consistent_option"]

_NAMED = 10  # outliers that are named on stderr; the report has them all

consistent_option = click.option(
    "--consistent",
    type=click.Choice(["sku", "category"]),
    help="Bring the pictures of a product, or of a category, to one size, base line and (a product's) light.",
)


def consistent_from(consistent: str | None, sku: str | None) -> Grouping | None:
    """What belongs together.

    Args:
        consistent: as it was typed.
        sku: the rule for SKUs, if one was given.

    Raises:
        UsageError: products cannot be told.
    """
    from packshot.batch import Grouping

    if consistent is None:
        return None
    if consistent == "sku" and sku is None:
        raise UsageError(
            "--consistent sku: nothing says which photos show one product", remedy="give a rule with --sku"
        )
    return Grouping(consistent)


def consistency_lines(summary: Summary) -> list[str]:
    """What was made alike, and what does not fit."""
    if summary.alike is None:
        return []
    found = summary.alike
    lines = [f"{found.alike} pictures in {found.groups} groups were made alike, {len(found.outliers)} do not fit"]
    lines += [f"  {source} ({profile}): {why}" for source, profile, why in found.outliers[:_NAMED]]
    if len(found.outliers) > _NAMED:
        lines.append(f"  and {len(found.outliers) - _NAMED} more, see the report")
    lines += [
        f"profile {name}: its pictures have shapes of their own or keep their shadows, nothing is made alike"
        for name in found.alone
    ]
    return lines
