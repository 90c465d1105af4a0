"""Two people decide on the same photo at once: the later one is told what the first decided, before it is overruled."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.decisions import Decision, Kind, NewDecision, decision_words
from packshot.errors import DecidedMeanwhile

__all__ = ["require_agreement"]


def require_agreement(new: NewDecision, unseen: Sequence[Decision]) -> None:
    """Refuse a decision where another one that its maker has not seen says something else.

    Decided once more, with the other one seen, it counts; both stay in the log.

    Args:
        new: about to be made.
        unseen: decisions on the same photo that stand, and that its maker does not know, in the order of time.

    Raises:
        DecidedMeanwhile: the last of them that differs is told.
    """
    related = [one for one in unseen if _of_one_part(new, one)]
    other = next((one for one in reversed(related) if not _agree(new, one)), None)
    if other is not None:
        raise DecidedMeanwhile(
            f"{new.source} was decided on meanwhile: {decision_words(other)}",
            remedy="look at it again; your own decision counts when you make it once more",
        )


def _of_one_part(new: NewDecision, other: Decision) -> bool:
    """Whether one could contradict the other: an attribute contradicts another value of itself alone."""
    mine, theirs = new.answer.get("attribute"), other.attribute
    if mine is None or theirs is None:
        return mine is None and theirs is None
    return mine.name == theirs.name


def _agree(new: NewDecision, other: Decision) -> bool:
    """Whether both say the same; different corrections never do, and two reasons to reject are still a rejection."""
    if new.kind is not other.kind:
        return False
    if new.kind is Kind.CATEGORY:
        path = new.answer.get("category") or ()
        return [node.id for node in path] == [node.id for node in other.category or ()]
    if new.kind is Kind.ATTRIBUTE:
        return new.answer.get("attribute") == other.attribute
    return new.kind in {Kind.APPROVE, Kind.REJECT}
