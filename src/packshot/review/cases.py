"""The queue: photos in the order in which a person should look at them."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.decisions import Decision, State, Verdict
from packshot.records import Record
from packshot.review.priority import ReviewPriority

__all__ = ["Case"]


@dataclass(frozen=True, slots=True)
class Case:
    """A photo of the run, why one should look at it, and what was said.

    Attributes:
        source: as the manifest names it.
        record: its line of the manifest, with what was decided.
        priority: why one should look.
        price: its value to the shop, 1 if nobody says.
        state: whether a person is asked.
        verdict: of the decisions on this content; None without any.
        decisions: on this content that stand, in the order of time.
    """

    source: str
    record: Record
    priority: ReviewPriority
    price: float
    state: State
    verdict: Verdict | None
    decisions: tuple[Decision, ...] = ()

    @property
    def value(self) -> float:
        """Its priority: ``price x (3 review + rules + mask + category + frame)``."""
        return self.price * self.priority.total

    @property
    def waits(self) -> bool:
        """Whether a person should look at it: nobody decided on it as it is now, and it is not ready as it is."""
        return self.state is State.STALE or (self.state is State.NEW and bool(self.priority.review))
