"""Numbers as the manifest holds them: plain JSON, six digits, and null for what is not a number."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BeforeValidator

__all__ = ["BoxCorners", "Measured", "Number"]


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value


Number = Annotated[float | None, BeforeValidator(_plain)]
"""A number with six digits after the point, or null."""

Measured = Annotated[int | float | str | bool | list[int | float] | None, BeforeValidator(_plain)]
"""What a rule measured."""

BoxCorners = tuple[int, int, int, int]
"""(x0, y0, x1, y1) in pixels, end-exclusive."""
