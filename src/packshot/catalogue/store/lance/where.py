"""A filter in the language of the store. Nothing a person typed gets in but as a literal the library itself wrote."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from lancedb.expr import col, lit

from packshot.catalogue.store.conditions import Language
from packshot.catalogue.store.interface import Filter

__all__ = ["among", "sql_of"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sql_of(where: Filter) -> str | None:
    """The condition as SQL, or None for everything."""
    return " AND ".join(_SQL.conditions(where)) or None


def among(column: str, values: Collection[str]) -> str:
    """The condition that a column holds one of the values."""
    return str(col(column).isin(sorted(set(values))).to_sql()) if values else "false"


def _literal(text: str) -> str:
    return str(lit(text).to_sql())


def _moment(moment: datetime) -> str:
    # As whole microseconds: a text would be read in nanoseconds, which end in the year 2262.
    since_epoch = moment.astimezone(UTC) - _EPOCH
    microseconds = (since_epoch.days * 86_400 + since_epoch.seconds) * 1_000_000 + since_epoch.microseconds
    return f"arrow_cast({microseconds}, 'Timestamp(Microsecond, Some(\"UTC\"))')"


_SQL = Language(
    category=lambda category: f"array_has(category, {_literal(category)})",
    attribute=lambda pair: f"array_has(attributes, {_literal(pair)})",
    moment=_moment,
    among=among,
)
