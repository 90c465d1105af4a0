"""A filter as conditions that must all hold, in whatever language a store has for each."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from packshot.catalogue.store.interface import Filter

__all__ = ["Language"]


@dataclass(frozen=True, slots=True)
class Language:
    """How a store says a condition.

    Attributes:
        category: that a category is one of the item's, or above it.
        attribute: that the item has an attribute, as ``NAME=VALUE``.
        moment: a time, to be compared with the column ``added``.
        among: that a column holds one of some values.
    """

    category: Callable[[str], str]
    attribute: Callable[[str], str]
    moment: Callable[[datetime], object]
    among: Callable[[str, Collection[str]], str]

    def conditions(self, where: Filter) -> list[str]:
        """Those of a filter; none for everything."""
        found = [] if where.category is None else [self.category(where.category)]
        found += [self.attribute(f"{name}={value}") for name, value in sorted(where.attributes.items())]
        if where.since is not None:
            found.append(f"added >= {self.moment(where.since)}")
        if where.until is not None:
            found.append(f"added < {self.moment(where.until)}")
        for column in ("sha256", "pixel_hash"):
            wanted = getattr(where, column)
            if wanted is not None:
                found.append(self.among(column, wanted))
        return found
