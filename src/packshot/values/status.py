"""How a photo fared."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Status"]


class Status(StrEnum):
    """How a photo fared."""

    OK = "ok"
    REVIEW = "review"
    FAILED = "failed"
