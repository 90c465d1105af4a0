"""How a photo fared."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Status"]


class Status(StrEnum):
    """How a photo fared."""

    #: Finished.
    OK = "ok"
    #: Finished, and a person should look.
    REVIEW = "review"
    #: There is no picture.
    FAILED = "failed"
    #: A person said that the photo is of no use.
    REJECTED = "rejected"
