"""The queue: photos in the order in which a person should look at them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from packshot.records import Record
from packshot.review.priority import Doubts
from packshot.review.verdict import Verdict

__all__ = ["Case", "State"]


class State(StrEnum):
    """Whether a person is asked."""

    #: Nobody decided.
    NEW = "new"
    #: Somebody did, on another result or on another content of that file.
    STALE = "stale"
    #: Somebody did, on what is there now.
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Case:
    """A photo of the run, why one should look at it, and what was said.

    Attributes:
        source: as the manifest names it.
        record: its line of the manifest.
        doubts: why one should look.
        price: what it is worth to the shop, 1 if nobody says.
        state: whether a person is asked.
        verdict: of the decisions on this content; None without any.
    """

    source: str
    record: Record
    doubts: Doubts
    price: float
    state: State
    verdict: Verdict | None

    @property
    def value(self) -> float:
        """Its priority: ``price x (3 review + rules + mask + category + frame)``."""
        return self.price * self.doubts.total
