"""What a person can say of a photo: one answer for each kind of decision, for one photo or for many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from packshot.cutout import Strokes
from packshot.decisions import (
    AnswerFields,
    AttributeValue,
    CategoryPath,
    ChosenSubject,
    DecisionFolder,
    FrameShown,
    Kind,
    Seen,
)
from packshot.errors import UsageError
from packshot.records import Record

__all__ = [
    "Answer",
    "approval",
    "attribute_answer",
    "category_answer",
    "frame_answer",
    "mask_answer",
    "rejection",
    "subject_answer",
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a photo.

    Attributes:
        kind: of the decision.
        fields: gives the decision's fields for one photo, from where its files are kept, its line and what is seen of
            it; raises `UsageError` where that cannot be said of this photo.
    """

    kind: Kind
    fields: Callable[[DecisionFolder, Record, Seen], AnswerFields]


def approval() -> Answer:
    """All that is shown is right; the mask is kept, for the next run replaces it."""
    return Answer(Kind.APPROVE, _keep_shown_mask)


def category_answer(category: CategoryPath) -> Answer:
    """The category is this one, given as the way to it from a taxonomy's root."""
    return Answer(Kind.CATEGORY, lambda *_: AnswerFields(category=category))


def mask_answer(png: bytes, *, strokes: Strokes | None = None, under: str | None = None) -> Answer:
    """The mask is this one.

    Args:
        png: of the whole upright photo, 8-bit grey.
        strokes: that made it; None where it came from elsewhere.
        under: SHA-256 of the kept mask they were drawn on; None where that was the one found.
    """

    def keep(folder: DecisionFolder, _: Record, __: Seen) -> AnswerFields:
        fields: AnswerFields = {"mask": folder.keep_mask(png)}
        if strokes is not None:
            drawn = folder.keep_strokes(strokes.model_dump_json(indent=1).encode())
            fields["strokes"], fields["under"] = drawn, under
        return fields

    return Answer(Kind.MASK, keep)


def subject_answer(subject: ChosenSubject) -> Answer:
    """The product is this part of the photo."""
    return Answer(Kind.SUBJECT, lambda *_: AnswerFields(subject=subject))


def frame_answer(frame: FrameShown) -> Answer:
    """There is a frame, here; or there is none."""
    return Answer(Kind.FRAME, lambda *_: AnswerFields(frame=frame))


def attribute_answer(attribute: AttributeValue) -> Answer:
    """An attribute has this value; nothing is said of the rest."""
    return Answer(Kind.ATTRIBUTE, lambda *_: AnswerFields(attribute=attribute))


def rejection(reason: str) -> Answer:
    """The photo is of no use.

    Args:
        reason: in words.

    Raises:
        UsageError: there is none.
    """
    if not reason.strip():
        raise UsageError("a rejection needs a reason", remedy="say why, such as `wrong product`")
    return Answer(Kind.REJECT, lambda *_: AnswerFields(reason=reason.strip()))


def _keep_shown_mask(folder: DecisionFolder, record: Record, seen: Seen) -> AnswerFields:
    if seen.mask is None or record.mask is None:
        raise UsageError(
            f"{record.source} has no mask to approve",
            remedy="correct it by strokes with a box, reject it, or repeat `packshot run` if its mask was lost",
        )
    if folder.keep_mask((folder.out / record.mask).read_bytes()) != seen.mask:
        raise UsageError(f"{record.source}: its mask is being written", remedy="look at it again")
    return {}
