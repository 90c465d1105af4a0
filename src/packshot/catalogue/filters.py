"""Filters as a person types them: categories by name, attributes as ``NAME=VALUE``, times as ISO texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from packshot.catalogue.store import Filter
from packshot.description.taxonomy import load_taxonomy
from packshot.errors import UsageError

__all__ = ["parse_filter"]


def parse_filter(
    *,
    category: str | None = None,
    attributes: Iterable[str] = (),
    since: str | None = None,
    until: str | None = None,
) -> Filter:
    """The items that are meant.

    Args:
        category: an id, or a name of the tree that ships; items at it or below it.
        attributes: each ``NAME=VALUE``.
        since: items added from then on: a date or an ISO time, local without a zone.
        until: items added before.

    Raises:
        UsageError: an attribute without a value, or something that is no time.

    Example:
        >>> parse_filter(attributes=["kids=yes"]).attributes
        {'kids': 'yes'}
    """
    wanted: dict[str, str] = {}
    for text in attributes:
        name, sign, value = text.partition("=")
        if not (name and sign and value):
            raise UsageError(
                f"--attribute: expected NAME=VALUE, got {text!r}", remedy="for example --attribute kids=yes"
            )
        wanted[name] = value
    return Filter(
        category=None if category is None else _category(category),
        attributes=wanted,
        since=_moment("--since", since),
        until=_moment("--until", until),
    )


def _category(text: str) -> str:
    """An id; what the shipped tree does not know may be of a tree of one's own."""
    try:
        return load_taxonomy().lookup(text).id
    except UsageError:
        return text


def _moment(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        # Without a zone it is the local time.
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            f"{option}: expected a date or an ISO time, got {text!r}", remedy=f"for example {option} 2026-05-31"
        ) from None
