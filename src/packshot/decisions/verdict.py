"""The verdict: what several decisions on one photo add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from packshot.decisions.decision import CategoryPath, Decision, FrameShown, Kind
from packshot.values import Box

__all__ = ["KeptMask", "Verdict", "confirms", "same_frame", "verdict"]


@dataclass(frozen=True, slots=True)
class KeptMask:
    """A mask that a person approved or corrected.

    Attributes:
        sha256: of its file, and the file's name below ``review/masks/``.
        box: the part of the upright photo it covers; None if that is the whole photo.
    """

    sha256: str
    box: Box | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decisions on one photo taken together; None for a part without a decision.

    Attributes:
        last: the decision made last.
        rejected: the reason, if the last word is that the photo is of no use.
        category: confirmed or corrected.
        mask: confirmed or corrected.
        frame: confirmed or corrected.
        attributes: name to value, of those that a person gave.
    """

    last: Decision
    rejected: str | None
    category: CategoryPath | None
    mask: KeptMask | None
    frame: FrameShown | None
    attributes: Mapping[str, str] = field(default_factory=dict)


def verdict(decisions: Sequence[Decision]) -> Verdict:
    """Add up decisions on one photo.

    A correction speaks of its own part alone. An approval confirms every part as it was shown, except one that was
    corrected before, on what is still shown: that correction stays. A rejection lasts until the next decision on
    anything but an attribute.

    Args:
        decisions: one or more, that stand, in the order of time, all on the same content.
    """
    said: dict[Kind, Decision] = {}
    whole = [decision for decision in decisions if decision.attribute is None]
    for decision in whole:
        if decision.kind is Kind.APPROVE:
            for part in (Kind.CATEGORY, Kind.MASK, Kind.FRAME):
                if _speaks_of(decision, part) and not _still_corrects(said.get(part), decision, part):
                    said[part] = decision
        else:
            said[decision.kind] = decision
        if decision.kind is Kind.SUBJECT:
            said.pop(Kind.MASK, None)  # of something else
    last = whole[-1] if whole else decisions[-1]
    category, mask, frame = (said.get(part) for part in (Kind.CATEGORY, Kind.MASK, Kind.FRAME))
    return Verdict(
        last=last,
        rejected=last.reason,
        category=None if category is None else category.category or category.seen.category,
        mask=None if mask is None else _kept(mask),
        frame=None if frame is None else frame.frame or frame.seen.frame,
        attributes={one.attribute.name: one.attribute.value for one in decisions if one.attribute is not None},
    )


def _speaks_of(approval: Decision, part: Kind) -> bool:
    frame = approval.seen.frame
    if part is Kind.FRAME:
        # A frame that was found but left on is a doubt, and an approval does not say how it is resolved.
        return frame is not None and frame.framed == frame.removed
    return (approval.seen.category if part is Kind.CATEGORY else approval.seen.mask) is not None


def _still_corrects(earlier: Decision | None, approval: Decision, part: Kind) -> bool:
    if earlier is None or earlier.kind is not part or not confirms(approval, earlier):
        return False
    # Strokes that were drawn again on another network's mask: what was approved is what came of them this time.
    return part is not Kind.MASK or approval.seen.corrected in {None, earlier.mask}


def confirms(approval: Decision, earlier: Decision) -> bool:
    """Whether an approval leaves an earlier correction standing: it saw what that was made on, or what came of it."""
    then, now = earlier.seen, approval.seen
    if earlier.kind is Kind.CATEGORY:
        return _ids(now.category) in (_ids(then.category), _ids(earlier.category))
    if earlier.kind is Kind.MASK:
        return now.mask == then.mask or now.corrected is not None
    if earlier.kind is Kind.FRAME:
        return now.frame == then.frame or same_frame(now.frame, earlier.frame)
    return True


def same_frame(one: FrameShown | None, other: FrameShown | None) -> bool:
    """Whether two say the same of a frame, whether it was cut off or not."""
    return one is not None and other is not None and one.box == other.box


def _ids(path: CategoryPath | None) -> list[str]:
    return [node.id for node in path or ()]


def _kept(decision: Decision) -> KeptMask | None:
    if decision.mask is not None:
        return KeptMask(decision.mask, None)
    if decision.seen.mask is None:
        return None
    frame = decision.seen.frame
    return KeptMask(decision.seen.mask, Box(*frame.box) if frame and frame.removed and frame.box else None)
