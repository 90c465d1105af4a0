"""What persons' decisions ask of a photo's pictures, and of what is written beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from packshot.decisions.decision import CategoryPath, ChosenSubject, Decision, FrameShown, Kind
from packshot.decisions.verdict import confirms

__all__ = ["Correction", "MaskCorrection", "correction"]


@dataclass(frozen=True, slots=True)
class MaskCorrection:
    """A mask that a person drew elsewhere, or strokes on one.

    Attributes:
        drawn: SHA-256 of the kept mask to start from; None to start from what the network finds.
        strokes: SHA-256 of the kept strokes; None to take the mask as it is.
    """

    drawn: str | None
    strokes: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a photo's decisions change about its result; None for what they leave as it was found.

    Attributes:
        mask: where the product is.
        subject: what of the photo is the product.
        frame: whether a frame surrounds the photo, and where the picture inside begins.
        category: what kind of product it is.
    """

    mask: MaskCorrection | None = None
    subject: ChosenSubject | None = None
    frame: FrameShown | None = None
    category: CategoryPath | None = None

    @property
    def found_with(self) -> str | None:
        """Changes whenever another mask could be found, before it is corrected; None where nobody asked for another."""
        return self._digest(mask=False) if self.subject is not None or self.frame is not None else None

    @property
    def key(self) -> str | None:
        """Changes whenever the pictures could: twelve hexadecimal digits; None where they are as without a person."""
        if self.mask is None and self.subject is None and self.frame is None:
            return None
        return self._digest(mask=True)

    def _digest(self, *, mask: bool) -> str:
        parts = (
            None if self.mask is None or not mask else (self.mask.drawn, self.mask.strokes),
            None if self.subject is None else (self.subject.subject.value, self.subject.several.value),
            None if self.frame is None else self.frame.box or "none",
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def correction(decisions: Sequence[Decision]) -> Correction:
    """What decisions on one photo add up to, for the next time its result is made.

    The last correction of a part counts. An approval keeps it where what was approved is the corrected result, or the
    one it was made on; where it is another, which a later run made without the correction, that one counts as it is.
    A chosen subject begins anew: masks that were corrected before it were of something else.

    Args:
        decisions: that stand, in the order of time, all on the same content.
    """
    said: dict[Kind, Decision] = {}
    for decision in decisions:
        if decision.kind is Kind.APPROVE:
            said = {kind: one for kind, one in said.items() if confirms(decision, one)}
        elif decision.kind is not Kind.REJECT:
            said[decision.kind] = decision
        if decision.kind is Kind.SUBJECT:
            said.pop(Kind.MASK, None)
    mask, subject, frame, category = (said.get(kind) for kind in (Kind.MASK, Kind.SUBJECT, Kind.FRAME, Kind.CATEGORY))
    return Correction(
        mask=None if mask is None else MaskCorrection(mask.under if mask.strokes else mask.mask, mask.strokes),
        subject=None if subject is None else subject.subject,
        frame=None if frame is None else frame.frame,
        category=None if category is None else category.category,
    )
