"""What several decisions on one photo come to, told by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from packshot.decisions.verdict import verdict
from packshot.review import Decision, FrameShown, KeptMask, Kind, Node, Seen
from packshot.values import Box

A, B, C = "a" * 64, "b" * 64, "c" * 64
SHOES, HATS = (Node("s", "Shoes"),), (Node("h", "Hats"),)
NONE, CUT = FrameShown(framed=False), FrameShown(framed=True, box=(1, 2, 30, 40), removed=True)
DOUBTFUL = FrameShown(framed=True, box=(1, 2, 30, 40))


def decide(kind: Kind, *, shown: dict[str, Any] | None = None, **answer: Any) -> Decision:
    seen = Seen(**{"photo": A, "mask": B, "category": SHOES, "frame": NONE, **(shown or {})})
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Decision(number=1, kind=kind, source="a.jpg", by="anna", at=at, seen=seen, **answer)


def test_an_approval_confirms_all_that_was_shown() -> None:
    said = verdict([decide(Kind.APPROVE)])
    assert (said.category, said.mask, said.frame, said.rejected) == (SHOES, KeptMask(B, None), NONE, None)


def test_an_approval_says_nothing_of_what_was_not_shown() -> None:
    said = verdict([decide(Kind.APPROVE, shown={"category": None, "frame": None})])
    assert (said.category, said.mask, said.frame) == (None, KeptMask(B, None), None)


def test_a_mask_of_a_photo_without_its_frame_keeps_its_place() -> None:
    said = verdict([decide(Kind.APPROVE, shown={"frame": CUT})])
    assert (said.mask, said.frame) == (KeptMask(B, Box(1, 2, 30, 40)), CUT)


def test_an_approval_leaves_a_doubtful_frame_open() -> None:
    assert verdict([decide(Kind.APPROVE, shown={"frame": DOUBTFUL})]).frame is None


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        (Kind.CATEGORY, {"category": HATS}, (HATS, None, None)),
        (Kind.MASK, {"mask": C}, (None, KeptMask(C, None), None)),
        (Kind.FRAME, {"frame": DOUBTFUL}, (None, None, DOUBTFUL)),
    ],
)
def test_a_correction_speaks_of_its_part_alone(kind: Kind, answer: dict[str, Any], expected: tuple[Any, ...]) -> None:
    said = verdict([decide(kind, **answer)])
    assert (said.category, said.mask, said.frame) == expected


def test_an_approval_keeps_corrections_of_what_is_still_shown() -> None:
    fixes = [decide(Kind.CATEGORY, category=HATS), decide(Kind.MASK, mask=C)]
    said = verdict([*fixes, decide(Kind.APPROVE)])
    assert (said.category, said.mask, said.frame) == (HATS, KeptMask(C, None), NONE)
    # A later run drew another mask and found another category: these are what is approved now.
    now = {"mask": "d" * 64, "category": (Node("b", "Boots"),)}
    said = verdict([*fixes, decide(Kind.APPROVE, shown=now)])
    assert (said.category, said.mask) == (now["category"], KeptMask("d" * 64, None))


def test_a_correction_after_an_approval_wins() -> None:
    said = verdict([decide(Kind.APPROVE), decide(Kind.CATEGORY, category=HATS)])
    assert (said.category, said.mask) == (HATS, KeptMask(B, None))


def test_the_last_word_on_use_counts() -> None:
    reject = decide(Kind.REJECT, reason="blurred")
    assert verdict([decide(Kind.APPROVE), reject]).rejected == "blurred"
    assert verdict([reject, decide(Kind.APPROVE)]).rejected is None


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (Kind.APPROVE, {"reason": "x"}),
        (Kind.REJECT, {}),
        (Kind.CATEGORY, {"category": ()}),
        (Kind.MASK, {"mask": "short"}),
        (Kind.MASK, {"mask": C, "reason": "x"}),
    ],
)
def test_a_decision_has_what_its_kind_asks_for(kind: Kind, answer: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        decide(kind, **answer)


@pytest.mark.parametrize(
    "frame", [{"framed": True}, {"framed": False, "box": (0, 0, 1, 1)}, {"framed": False, "removed": True}]
)
def test_a_frame_has_a_box_and_nothing_else_has(frame: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FrameShown(**frame)


def test_what_was_seen_is_told_apart_by_ids_not_by_names() -> None:
    here = Seen(photo=A, mask=B, category=SHOES)
    assert here.token == Seen(photo=A, mask=B, category=(Node("s", "Schuhe"),)).token
    others = [{"mask": C}, {"packshot": C}, {"category": HATS}, {"category": None}, {"frame": NONE}, {"frame": CUT}]
    assert len({here.token, *(here.model_copy(update=other).token for other in others)}) == 7
