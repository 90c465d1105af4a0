"""How far a picture of a run is from being published."""

from __future__ import annotations

from enum import StrEnum

from packshot.records.parts import PackshotRecord
from packshot.records.record import Record
from packshot.values import ReviewReason, Status

__all__ = ["PictureState", "picture_state"]

# Of the pictures; a channel's own are told by its rules, and those of another one do not concern it.
_OF_PICTURES = {str(ReviewReason.RULES), str(ReviewReason.ENLARGED), str(ReviewReason.PICTURE)}


class PictureState(StrEnum):
    """What a picture for one marketplace needs before it can be published."""

    #: It meets the rules, and nobody needs to look.
    READY = "ready"
    #: It meets the rules, but a person should look at the mask, a frame, damage or how far it was enlarged.
    LOOK = "look"
    #: It breaks a rule that must hold.
    REFUSED = "refused"
    #: There is none.
    MISSING = "missing"
    #: A person said that the photo is of no use.
    REJECTED = "rejected"


def picture_state(record: Record, picture: PackshotRecord) -> PictureState:
    """What one of a photo's pictures needs.

    Args:
        record: of the photo, with what persons decided.
        picture: one of its `packshots`.
    """
    if record.status is Status.REJECTED:
        return PictureState.REJECTED
    if picture.status is Status.FAILED or picture.file is None:
        return PictureState.MISSING
    if any(not rule.ok and rule.severity == "must" for rule in picture.rules):
        return PictureState.REFUSED
    doubtful = record.status is Status.REVIEW and (set(record.review) - _OF_PICTURES or picture.enlarged)
    return PictureState.LOOK if doubtful else PictureState.READY
