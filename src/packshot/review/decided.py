"""What became of photos that were decided on together."""

from __future__ import annotations

from dataclasses import dataclass, field

from packshot.decisions import Decision
from packshot.errors import PackshotError

__all__ = ["Decided"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of photos that were decided on together.

    Attributes:
        made: the decisions.
        refused: photos that could not be decided on, each with the reason.
    """

    made: list[Decision] = field(default_factory=list)
    refused: dict[str, PackshotError] = field(default_factory=dict)
