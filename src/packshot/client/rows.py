"""JSON that a service answers with, as far as its form matters here."""

from __future__ import annotations

from pydantic import JsonValue

from packshot.client.errors import ServiceFailed

__all__ = ["Row", "row_of", "rows_of"]

Row = dict[str, JsonValue]
"""A JSON object; /openapi.json of the service shows its form."""


def row_of(value: JsonValue) -> Row:
    """An object.

    Raises:
        ServiceFailed: it is something else.
    """
    if not isinstance(value, dict):
        raise _strange(value)
    return value


def rows_of(value: JsonValue) -> list[Row]:
    """A list of objects.

    Raises:
        ServiceFailed: it is something else.
    """
    if not isinstance(value, list):
        raise _strange(value)
    return [row_of(each) for each in value]


def _strange(value: JsonValue) -> ServiceFailed:
    return ServiceFailed(f"an answer of another form ({type(value).__name__})", remedy="check address and version")
