"""A line of the manifest as persons have decided it: what is still to look at, who decided what, what was corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from packshot.decisions.correction import correction
from packshot.decisions.decision import CategoryPath, Decision, Kind, Seen
from packshot.decisions.seen import seen_of
from packshot.decisions.verdict import same_frame, verdict
from packshot.decisions.words import decision_words
from packshot.records import AttributeRecord, CategoryRecord, DecisionRecord, PathRecord, Record, TagRecord
from packshot.values import Doubt, Status

__all__ = ["State", "settled", "state_of"]


class State(StrEnum):
    """Whether a person is asked."""

    #: Nobody decided, or only on a part while another part is doubtful.
    NEW = "new"
    #: Somebody did, on another result or on another content of that file.
    STALE = "stale"
    #: Somebody did, on what is there now.
    DECIDED = "decided"


def settled(record: Record, decisions: Sequence[Decision], hashes: Mapping[str, str]) -> Record:
    """A photo's line with what persons decided of it.

    Its category is the one a person gave, and sure. What is decided is no longer to be looked at: status ``ok``
    without a reason for review, or ``rejected``. What was decided on another result keeps the run's own status; strokes
    that were drawn again on another mask than a person saw are to be looked at.

    Args:
        record: as the run found and made it; may be settled already.
        decisions: that stand on this content, in the order of time.
        hashes: path below the output folder to SHA-256, of the files that are there.
    """
    if not decisions:
        return record
    fixed = correction(decisions).category
    if fixed is not None:
        record = record.model_copy(update={"category": _category(fixed, record.category)})
    given = verdict(decisions).attributes
    if given:
        record = record.model_copy(update={"attributes": _attributes(given, record)})
    update: dict[str, object] = {
        "decisions": tuple(
            DecisionRecord(number=one.number, kind=one.kind.value, by=one.by, at=one.at, words=decision_words(one))
            for one in decisions
        )
    }
    if verdict(decisions).rejected is not None:
        update |= {"status": Status.REJECTED, "review": ()}
    elif record.status in {Status.OK, Status.REVIEW}:
        shown = seen_of(record, hashes)
        if state_of(record, decisions, shown) is State.DECIDED:
            update |= {"status": Status.OK, "review": ()}
        elif _is_redrawn(decisions, shown):
            doubts = tuple(dict.fromkeys((*record.doubts, Doubt.REDRAWN.value)))
            review = tuple(dict.fromkeys(("mask", *record.review)))
            update |= {"status": Status.REVIEW, "review": review, "doubts": doubts}
    return record.model_copy(update=update)


def state_of(record: Record, decisions: Sequence[Decision], shown: Seen) -> State:
    """Whether a person is asked about a photo that was decided on.

    Args:
        record: its line, as the run made it.
        decisions: one or more that stand on this content, in the order of time.
        shown: what lies there now.
    """
    decisions = [one for one in decisions if one.kind is not Kind.ATTRIBUTE]  # they say nothing of the picture
    if not decisions:
        return State.NEW
    if not _is_current(decisions, shown):
        return State.STALE
    parts = [one for one in decisions if one.part or (one.kind is Kind.CATEGORY and one.together is not None)]
    open_ = set(record.review) - {one.kind.value for one in parts}  # reasons are called like the kinds that answer them
    return State.DECIDED if len(parts) < len(decisions) or not open_ else State.NEW


def _is_current(decisions: Sequence[Decision], shown: Seen) -> bool:
    """Whether what lies there now is what the last decision saw, or what came of the decisions themselves."""
    last = decisions[-1]
    if last.kind is Kind.REJECT:
        return True  # of the photo, whatever is made of it
    seen, fix = last.seen, correction(decisions)
    same_mask = shown.mask == seen.mask
    # A category says nothing of the picture, which may stand among others now.
    same_picture = shown.packshot == seen.packshot or last.kind is Kind.CATEGORY
    # Whoever corrected a mask saw the one it is kept as.
    as_corrected = fix.mask is not None and shown.corrected in _results(decisions)
    return (
        (_ids(shown.category) == _ids(seen.category) or _ids(shown.category) == _ids(fix.category))
        and (shown.frame == seen.frame or same_frame(shown.frame, fix.frame))
        and (same_mask or as_corrected)
        and (same_picture or (as_corrected and not same_mask))
    )


def _is_redrawn(decisions: Sequence[Decision], shown: Seen) -> bool:
    """Whether strokes were drawn on another mask than a person saw, and made one that nobody has seen."""
    mask = correction(decisions).mask
    if mask is None or mask.strokes is None or shown.corrected is None:
        return False
    return shown.corrected not in _results(decisions)


def _results(decisions: Sequence[Decision]) -> set[str]:
    """Masks of the whole photo that a person saw as the result of a correction."""
    last = next(one for one in reversed(decisions) if one.kind is Kind.MASK)
    later = (one.seen.corrected for one in decisions if one.kind is Kind.APPROVE and one.number > last.number)
    return {sha256 for sha256 in (last.mask, *later) if sha256 is not None}


def _category(path: CategoryPath, found: CategoryRecord | None) -> CategoryRecord:
    return CategoryRecord(
        path=tuple(PathRecord(id=node.id, name=node.name, score=1.0) for node in path),
        score=1.0,
        sure=True,
        uncertainty=0.0,
        top=() if found is None else found.top,
    )


def _attributes(given: Mapping[str, str], record: Record) -> dict[str, AttributeRecord | tuple[TagRecord, ...]]:
    """With those that a person gave, which are sure; lists of tags stay."""
    said = {
        name: AttributeRecord(value=value, score=1.0, sure=True)
        for name, value in given.items()
        if not isinstance(record.attributes.get(name), tuple)
    }
    return {**record.attributes, **said}


def _ids(path: CategoryPath | None) -> list[str]:
    return [node.id for node in path or ()]
