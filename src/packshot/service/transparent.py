"""The files in which a cut-out can be asked for."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Transparent"]


class Transparent(StrEnum):
    """Files that keep transparency."""

    PNG = "png"
    WEBP = "webp"
