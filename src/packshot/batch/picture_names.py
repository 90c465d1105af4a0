"""What finished pictures are called: as their photos, or by a pattern such as GS1's or Walmart's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from packshot.batch.gtin import gtin14
from packshot.batch.name_book import Name
from packshot.batch.naming import clean_part, fold
from packshot.batch.skus import Product
from packshot.errors import UsageError
from packshot.listing import listed

__all__ = ["SHORTHANDS", "picture_names"]

SHORTHANDS = {"gs1": "{gtin}_C1N1", "walmart": "{gtin}"}
"""Patterns with a name: GS1 Product Image Specification 4.4 (high resolution, front, flat, in pack), and Walmart's."""

_FIELD = re.compile(r"\{([^{}]*)\}")
_FIELDS = ("stem", "name", "folder", "sku", "view", "profile", "gtin")
_NAMED = 5  # so many photos are named in an error, the rest counted


def picture_names(pattern: str, names: Sequence[Name], products: Sequence[Product], *, profile: str) -> list[str]:
    """The name of each photo's picture for one profile, without suffix.

    Args:
        pattern: text with ``{stem}`` (path below the folder), ``{name}`` (of the file), ``{folder}``, ``{sku}``,
            ``{view}``, ``{profile}``, ``{gtin}`` (the column ``gtin`` of the table, else the SKU, as fourteen digits),
            or any column of the table; or one of `SHORTHANDS`.
        names: of the photos.
        products: what is known of their products.
        profile: name of the profile.

    Raises:
        UsageError: the pattern has an unknown field, a photo lacks what it needs, a GTIN has a wrong check digit, or
            two pictures would have one name. Says which photos.
    """
    pattern = SHORTHANDS.get(pattern, pattern)
    made, problems = [], []
    for name, product in zip(names, products, strict=True):
        try:
            made.append(_filled(pattern, _values(name, product, profile)))
        except ValueError as error:
            problems.append(f"{name.relative or name.path}: {error}")
    if problems:
        raise UsageError(
            listed(problems, _NAMED, between="; "),
            remedy=f"correct the SKU or GTIN of each, or choose another pattern than {pattern!r}",
        )
    _refuse_twice(made, names, pattern)
    return made


def _values(name: Name, product: Product, profile: str) -> dict[str, str | None]:
    stem = PurePosixPath(name.stem)
    values: dict[str, str | None] = {
        "stem": name.stem,
        "name": stem.name,
        "folder": stem.parent.name,
        "profile": profile,
        "sku": product.sku,
        "view": None if name.view is None else str(name.view),
    }
    return {**product.row, **values, "gtin": product.row.get("gtin") or product.sku}


def _filled(pattern: str, values: Mapping[str, str | None]) -> str:
    def value(match: re.Match[str]) -> str:
        field = match[1]
        if field not in values:
            there = ", ".join(dict.fromkeys((*_FIELDS, *values)))
            raise UsageError(f"the pattern {pattern!r} has an unknown field {{{field}}}", remedy=f"use {there}")
        found = values[field]
        if not found:
            raise ValueError(f"it has no {field}")
        if field == "gtin":
            return gtin14(found)
        # A name's folders are the pattern's, but for {stem}, which is a path.
        return found if field == "stem" else found.replace("/", "_")

    filled = _FIELD.sub(value, pattern)
    parts = [part for part in filled.split("/") if part not in ("", ".", "..")]
    if not parts:
        raise ValueError(f"the pattern {pattern!r} gives it no name")
    return "/".join(clean_part(part) for part in parts)


def _refuse_twice(made: Sequence[str], names: Sequence[Name], pattern: str) -> None:
    seen: dict[str, Name] = {}
    for text, name in zip(made, names, strict=True):
        other = seen.setdefault(fold(text), name)
        if other is not name:
            raise UsageError(
                f"{other.relative} and {name.relative} would both be called {text}",
                remedy=f"add {{view}} to the pattern {pattern!r}, or correct their SKUs",
            )
