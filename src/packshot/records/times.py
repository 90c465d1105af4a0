"""Days and moments as the manifest holds them: text in ISO 8601, which every reader of JSON takes."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, PlainSerializer, WithJsonSchema

__all__ = ["Day", "Moment"]


def _text(value: date) -> str:
    return value.isoformat()


Day = Annotated[date, PlainSerializer(_text), WithJsonSchema({"type": "string", "format": "date"})]
"""A day, written as ``2027-01-31``."""

Moment = Annotated[AwareDatetime, PlainSerializer(_text), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment with its zone, written as ``2027-01-31T08:15:00+00:00``."""
