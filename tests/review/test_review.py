"""Reviewing: the order, who decided what and when, outdated decisions, undo, and nothing acknowledged is ever lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packshot.errors import DamagedPhoto, NothingToCutOut, OutputError, UnreadablePhoto, UsageError
from packshot.review import Kind, Node, State
from packshot.values import Box

HATS = (Node("apparel", "Apparel"), Node("hats", "Hats"))
A, B, C = "photos/a.png", "photos/b.png", "photos/c/a.png"


def states(shop) -> dict[str, str]:
    return {case.source: case.state.value for case in shop.review().cases()}


def journal(shop) -> Path:
    return shop.out / "review" / "journal.jsonl"


def test_the_queue_is_in_the_order_of_value(shop) -> None:
    review = shop.review()
    assert [(case.source, round(case.value, 9)) for case in review.queue()] == [(B, 3.75), (C, 0.2), (A, 0)]
    weighed = shop.review(prices={"c/a.png": 20, "b.png": 0.5, "gone.png": 7, "a.png": 3})
    assert [(case.source, round(case.value, 9)) for case in weighed.queue()] == [(C, 4), (B, 1.875), (A, 0)]
    assert weighed.unknown_prices == ["gone.png", "a.png"], "no photo, and several"


def test_a_decision_keeps_who_when_and_what_was_seen(shop) -> None:
    review = shop.review()
    before = datetime.now(UTC) - timedelta(seconds=1)
    decision = review.approve(C, by=" anna ")
    assert (decision.number, decision.kind, decision.source, decision.by) == (1, Kind.APPROVE, C, "anna")
    assert before <= decision.at <= datetime.now(UTC)
    assert decision.seen.photo == shop.records[C]["sha256"]
    assert [node.id for node in decision.seen.category or ()] == ["apparel", "shoes"]
    assert decision.seen.frame is not None
    assert not decision.seen.frame.framed
    kept = (review.kept_masks / f"{decision.seen.mask}.png").read_bytes()
    assert kept == (shop.out / shop.records[C]["mask"]).read_bytes()
    assert shop.review().history(C) == [decision], "it comes back as it was"


def test_what_is_decided_leaves_the_queue(shop) -> None:
    review = shop.review()
    review.approve(A, by="anna")
    review.correct_category(B, HATS, by="anna")
    review.reject(C, "wrong product", by="ben")
    assert shop.review().queue() == review.queue() == []
    assert {case.source: case.verdict.rejected for case in review.cases()} == {A: None, B: None, C: "wrong product"}


def changed_mask(shop) -> None:
    shop.redraw(shop.records[C]["mask"], np.zeros((60, 80), np.uint8))


def changed_packshot(shop) -> None:
    shop.redraw(shop.records[C]["packshot"], np.zeros((60, 80, 3), np.uint8))


def changed_category(shop) -> None:
    shop.change(C, category={"path": [{"id": "boots", "name": "Boots"}], "score": 0.8})


def changed_photo(shop) -> None:
    shop.add(C, tint=200)


def lost_mask(shop) -> None:
    (shop.out / shop.records[C]["mask"]).unlink()


@pytest.mark.parametrize("later", [changed_mask, changed_packshot, changed_category, changed_photo, lost_mask])
def test_a_decision_on_an_outdated_result_comes_back(shop, later: Callable) -> None:
    shop.review().approve(C, by="anna")
    assert states(shop)[C] == "decided"
    later(shop)
    assert states(shop) == {A: "new", B: "new", C: "stale"}
    if later is not lost_mask:
        shop.review().approve(C, by="anna")
        assert states(shop)[C] == "decided"


def test_the_same_result_again_is_not_outdated(shop) -> None:
    shop.review().approve(C, by="anna")
    shop.add(C, tint=3, category={**shop.records[C]["category"], "score": 0.7})
    assert states(shop)[C] == "decided", "a score that moved is no other category"


def test_a_photo_that_moved_keeps_its_decision(shop) -> None:
    shop.review().approve(C, by="anna")
    record = shop.records.pop(C)
    (shop.root / "elsewhere").mkdir()
    (shop.root / C).rename(shop.root / "elsewhere" / "new.png")
    shop.records["elsewhere/new.png"] = {**record, "source": "elsewhere/new.png"}
    shop.write()
    assert states(shop)["elsewhere/new.png"] == "decided"


def test_a_decision_on_what_nobody_looked_at_is_refused(shop) -> None:
    review = shop.review()
    token = review.seen(C).token
    changed_mask(shop)
    with pytest.raises(UsageError, match="not the one that was looked at"):
        review.approve(C, by="anna", token=token)
    assert shop.review().decisions.made == {}
    review.approve(C, by="anna", token=review.seen(C).token)


def test_a_session_notices_a_run_that_came_between(shop) -> None:
    review = shop.review()
    token = review.seen(C).token
    changed_category(shop)
    with pytest.raises(UsageError, match="not the one that was looked at"):
        review.correct_category(C, HATS, by="anna", token=token)


def test_undo_is_a_further_line(shop) -> None:
    review = shop.review()
    first, second = review.approve(A, by="anna"), review.reject(A, "blurred", by="ben")
    review.approve(B, by="anna")
    before = journal(shop).read_bytes()
    assert review.undo(A, by="ben") == second
    assert journal(shop).read_bytes().startswith(before), "nothing is rewritten"
    assert shop.review().case(A).verdict.rejected is None, "the earlier decision counts again"
    assert review.undo(by="anna").source == B
    assert review.undo(by="anna") == first
    assert states(shop) == {A: "new", B: "new", C: "new"}
    for source in (None, A):
        with pytest.raises(UsageError, match="nothing was decided"):
            review.undo(source, by="anna")
    assert review.approve(A, by="anna").number == 7, "a number is never given twice"


def test_a_corrected_mask_is_kept_in_the_photos_pixels(shop) -> None:
    shop.add("photos/framed.png", tint=4, box=(10, 5, 70, 55))
    review = shop.review()
    alpha = review.mask("framed.png")
    expected = np.zeros((60, 80), np.float32)
    expected[20:40, 30:50] = 1
    np.testing.assert_array_equal(alpha, expected)
    alpha[0:5] = 0.5
    decision = review.correct_mask("framed.png", alpha, by="anna")
    with Image.open(review.kept_masks / f"{decision.mask}.png") as kept:
        np.testing.assert_array_equal(np.asarray(kept), np.rint(alpha * 255))
    with pytest.raises(UsageError, match="60 x 50 pixels for a photo of 80 x 60"):
        review.correct_mask("framed.png", alpha[5:55, 10:70], by="anna")


def test_a_mask_of_another_size_is_named(shop) -> None:
    shop.redraw(shop.records[A]["mask"], np.zeros((9, 9), np.uint8))
    with pytest.raises(DamagedPhoto, match="expected 80 x 60 pixels, got 9 x 9"):
        shop.review().mask(A)


def test_a_frame_must_leave_a_picture_and_a_frame(shop) -> None:
    review = shop.review()
    for box in (Box(0, 0, 80, 60), Box(0, 0, 81, 50)):
        with pytest.raises(UsageError, match="leaves no frame"):
            review.correct_frame(A, box, by="anna")
    assert review.correct_frame(A, Box(1, 1, 79, 59), by="anna").frame.box == (1, 1, 79, 59)
    assert review.correct_frame(A, None, by="anna").frame.framed is False


def test_a_photo_in_which_nothing_was_found_can_be_given_a_mask_or_rejected_but_not_approved(shop) -> None:
    shop.add_failed("photos/lost.png", NothingToCutOut)
    review = shop.review()
    assert review.queue()[0].source == "photos/lost.png"
    assert review.mask("lost.png") is None
    with pytest.raises(UsageError, match="no mask to approve"):
        review.approve("lost.png", by="anna")
    review.correct_mask("lost.png", np.ones((60, 80), np.float32), by="anna")
    assert review.case("lost.png").state is State.DECIDED


def test_a_photo_that_could_not_be_read_is_not_reviewed(shop) -> None:
    shop.add_failed("photos/torn.png", UnreadablePhoto)
    review = shop.review()
    assert "photos/torn.png" not in {case.source for case in review.cases()}
    with pytest.raises(UsageError, match="nothing can be decided"):
        review.reject("torn.png", "torn", by="anna")


def test_a_photo_that_changed_since_the_run_is_not_drawn_on(shop) -> None:
    (shop.root / A).write_bytes((shop.root / B).read_bytes())
    with pytest.raises(UnreadablePhoto, match="changed since the run"):
        shop.review().correct_mask(A, np.ones((60, 80), np.float32), by="anna")


@pytest.mark.parametrize(
    ("source", "reason"),
    [("nobody.png", "no such photo"), ("a.png", "2 photos .* end like this"), ("", "no such photo")],
)
def test_a_name_that_is_none_or_several_is_refused(shop, source: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        shop.review().approve(source, by="anna")


def test_nobody_decides_without_a_name_or_a_reason(shop) -> None:
    review = shop.review()
    with pytest.raises(UsageError, match="needs a name"):
        review.approve(B, by="  ")
    with pytest.raises(UsageError, match="needs a reason"):
        review.reject(B, " ", by="anna")
    with pytest.raises(UsageError, match="needs a name"):
        review.approve(B, by="anna") and review.undo(by="")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "0 photos"),
        ("[]\n", "line 1: no record"),
        ('{"source": "a"}\n', "line 1: no record"),
        ("{]\n", "cannot be read as a manifest"),
        ('{"source": "a", "sha256": "short", "status": "ok", "mask": null, "packshot": null}\n', "no record"),
        ('{"source": "a", "sha256": null, "status": "ok", "category": 7}\n', "no record"),
        ('{"source": "a", "sha256": null, "status": "failed"}\n', ""),
    ],
)
def test_a_manifest_of_something_else_is_refused(shop, text: str, reason: str) -> None:
    (shop.out / "manifest.jsonl").write_text(text)
    if reason in {"", "0 photos"}:
        assert shop.review().cases() == []  # a torn last line, and a photo that could not be read
    else:
        with pytest.raises(UsageError, match=reason):
            shop.review()


@pytest.mark.parametrize(
    "line", ["7", "{}", "not json", '{"number": 9, "undo": 8, "by": "x", "at": "2026-01-01T00:00:00Z"}']
)
def test_a_damaged_line_within_is_named(shop, line: str) -> None:
    shop.review().approve(A, by="anna")
    journal(shop).write_text(journal(shop).read_text() + line + "\n")
    with pytest.raises(UsageError, match=r"journal\.jsonl, line 3 is damaged .*remove that line"):
        shop.review()


def test_a_line_that_stands_there_twice_is_named(shop) -> None:
    shop.review().approve(A, by="anna")
    lines = journal(shop).read_text().splitlines(keepends=True)
    journal(shop).write_text("".join([*lines, lines[-1]]))
    with pytest.raises(UsageError, match=r"line 3 is damaged .number 1 after 1"):
        shop.review()


def test_it_may_be_cut_off_anywhere(shop) -> None:
    """After a kill at any byte, whole lines are kept, and the next decision is not swallowed."""
    review = shop.review()
    review.approve(A, by="anna")
    review.reject(B, "größer als \u2028 das Bild", by="Jörg")
    whole = journal(shop).read_bytes()
    ends = [index for index, sign in enumerate(whole) if sign == ord("\n")]
    for length in range(0, len(whole) + 1, 7):
        journal(shop).write_bytes(whole[:length])
        complete = max(0, sum(length >= end for end in ends) - 1)
        assert len(shop.review().decisions.made) == complete
        shop.review().approve(C, by="anna")
        assert len(shop.review().decisions.made) == complete + 1


def test_another_file_in_its_place_is_left_alone(shop) -> None:
    journal(shop).parent.mkdir()
    journal(shop).write_text("my notes\n")
    with pytest.raises(UsageError, match="no journal that begins with"):
        shop.review()
    assert journal(shop).read_text() == "my notes\n"


def test_a_full_disk_acknowledges_nothing(shop, monkeypatch: pytest.MonkeyPatch) -> None:
    review = shop.review()
    review.approve(A, by="anna")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            review.reject(B, "blurred", by="anna")
    assert len(review.decisions.made) == len(shop.review().decisions.made) == 1
    assert review.reject(B, "blurred", by="anna").number == 2


def test_one_writer_at_a_time(shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packshot.review.review._WAIT_S", 0.1)
    review = shop.review()
    with review.folder.lock(wait_s=0), pytest.raises(OutputError, match="another person is deciding"):
        review.approve(A, by="anna")
    assert len(review.cases()) == 3, "reading waits for nobody"
    review.approve(A, by="anna")


def test_two_sessions_see_each_others_decisions(shop) -> None:
    anna, ben = shop.review(), shop.review()
    anna.approve(A, by="anna")
    assert ben.approve(B, by="ben").number == 2
    assert anna.undo(by="anna").source == B


def test_many_reviewers_at_once_lose_nothing(shop) -> None:
    def work(name: str) -> None:
        review = shop.review()
        for source in (A, B, C):
            review.approve(source, by=name)

    threads = [threading.Thread(target=work, args=(str(index),)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = shop.review().decisions.made
    assert sorted(made) == list(range(1, 13))
    assert {(one.by, one.source) for one in made.values()} == {(str(i), s) for i in range(4) for s in (A, B, C)}


DECIDE = """
import sys
from pathlib import Path
from packshot.review import Review
review = Review(Path(sys.argv[1]))
while True:
    print(review.approve("b.png", by="anna").number, flush=True)
"""


def test_kill_9_loses_nothing_that_was_acknowledged(shop) -> None:
    chance, acknowledged = random.Random(7), 0
    for _ in range(4):
        command = [sys.executable, "-c", DECIDE, str(shop.out / "manifest.jsonl")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.2))
        process.send_signal(signal.SIGKILL)
        lines = [first, *process.stdout.readlines()]
        process.wait()
        process.stdout.close()
        told = [int(line) for line in lines if line.endswith(b"\n")]
        assert told[0] > acknowledged
        acknowledged = told[-1]
        made = shop.review().decisions.made
        assert sorted(made) == list(range(1, len(made) + 1))
        assert acknowledged <= len(made) <= acknowledged + 1, "at most one more than was told"
        acknowledged = len(made)


def test_every_line_is_plain_json(shop) -> None:
    review = shop.review()
    review.correct_category(A, HATS, by="Jörg")
    review.undo(by="Jörg")
    header, decision, undo = map(json.loads, journal(shop).read_text("ascii").splitlines())
    assert header == {"journal": "packshot review", "version": 1}
    assert decision["category"] == [["apparel", "Apparel"], ["hats", "Hats"]]
    assert (undo["number"], undo["undo"], undo["by"]) == (2, 1, "Jörg")
