"""From what a request says to a decision of `packshot.review`."""

from __future__ import annotations

from packshot.decisions import AttributeValue, Decision, category_path
from packshot.errors import UsageError
from packshot.review import Answer, Review
from packshot.review.answers import approval, attribute_answer, category_answer, frame_answer, rejection, subject_answer
from packshot.review.undoing import undo_last
from packshot.service.categories import shop_tree
from packshot.service.reviewing.bodies import (
    Approve,
    Reject,
    Said,
    SetAttribute,
    SetCategory,
    SetFrame,
    SetSubject,
    UndoBody,
)
from packshot.settings import Settings
from packshot.values import Box

__all__ = ["answer_of", "decide_one", "taken_back"]


def decide_one(
    review: Review, source: str, said: Said, *, by: str, token: str | None, settings: Settings, known: int | None = None
) -> Decision:
    """Decide on one photo.

    Raises:
        DecidedMeanwhile: another person decided otherwise since `known`.
        ResultChanged: it is not what was looked at.
        UsageError: it cannot be said of this photo.
        OutputError: it could not be written.
    """
    answer = _whole_answer(review, source, said) or answer_of(said, settings)
    done = review.decide_all([source], answer, by=by, token=token, known=known, part=said.part)
    for refused in done.refused.values():
        raise refused
    return done.made[0]


def _whole_answer(review: Review, source: str, said: Said) -> Answer | None:
    """What can be said of one photo alone; None for the rest."""
    if isinstance(said, SetSubject):
        return subject_answer(said.chosen)
    if not isinstance(said, SetFrame):
        return None
    try:
        box = None if said.box is None else Box(*said.box)
    except ValueError as error:
        raise UsageError(f"box: {error}", remedy="give x0 y0 x1 y1 of the picture inside the frame") from error
    return frame_answer(review.frame_within(source, box))


def answer_of(said: Said, settings: Settings) -> Answer:
    """What can be said of many photos at once.

    Raises:
        UsageError: the tree has no such category, or several.
    """
    if isinstance(said, Approve):
        return approval()
    if isinstance(said, Reject):
        return rejection(said.reason)
    if isinstance(said, SetAttribute):
        return attribute_answer(AttributeValue(name=said.name, value=said.value))
    if isinstance(said, SetCategory):
        return category_answer(category_path(shop_tree(settings), said.category))
    raise UsageError(f"{said.kind} cannot be said of many photos", remedy="decide on one at a time")


def taken_back(review: Review, body: UndoBody, source: str | None, *, by: str) -> list[Decision]:
    """Undo as a request asks.

    Raises:
        UsageError: there is nothing to take back.
    """
    if not body.mine:
        return undo_last(review, by=by) if source is None else [review.undo(source, by=by)]
    here = None if source is None else {decision.number for decision in review.history(source)}
    taken = review.undo_all(
        lambda log: [
            with_it
            for last in [d for d in log.standing() if d.by == by and (here is None or d.number in here)][-1:]
            for with_it in (log.made_with(last) if here is None else [last])
        ],
        by=by,
    )
    if not taken:
        raise UsageError("nothing was decided, or all was taken back", remedy="there is nothing to undo")
    return taken
