"""The log keeps what was acknowledged, in spite of torn lines, full disks and undone decisions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packshot.errors import OutputError, UsageError
from packshot.review import Decision, DecisionLog, FrameShown, Kind, Seen

SEEN = Seen(photo="0" * 64)


@pytest.fixture(autouse=True)
def _no_power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk is tested where it matters."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def decide(log: DecisionLog, photo: str, *, framed: bool = False) -> Decision:
    frame = FrameShown(framed=framed, box=(1, 2, 3, 4) if framed else None)
    return log.decide(Kind.FRAME, photo, by="anna", seen=SEEN, frame=frame)


def last(log: DecisionLog) -> dict[str, int]:
    """Photo to the number of the last decision on it that stands."""
    return {photo: decisions[-1].number for photo, decisions in log.by_source().items()}


def test_decisions_come_back(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path / "new" / "log")
    assert (log.made, log.last) == ({}, 0)
    made = [decide(log, "ä/1.jpg", framed=True), decide(log, "2.jpg")]
    again = DecisionLog(tmp_path / "new" / "log")
    assert list(again.made.values()) == made
    assert again.by_source() == {"ä/1.jpg": made[:1], "2.jpg": made[1:]}
    assert again.by_content() == {"0" * 64: made}
    frame = again.made[1].frame
    assert frame is not None
    assert (frame.label, frame.inner_box and frame.inner_box.as_tuple()) == ("framed", (1, 2, 3, 4))


def test_the_name_of_a_photo_need_not_be_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    made = decide(DecisionLog(tmp_path / "log"), name)
    again = DecisionLog(tmp_path / "log")
    assert again.by_source() == {name: [made]}
    decide(again, "other.jpg")
    assert list(DecisionLog(tmp_path / "log").by_source()) == [name, "other.jpg"]


def test_a_reader_sees_what_another_has_added(tmp_path: Path) -> None:
    writer, reader = DecisionLog(tmp_path / "log"), DecisionLog(tmp_path / "log")
    first = decide(writer, "1.jpg")
    reader.refresh()
    assert reader.standing() == [first]
    writer.undo(first, by="ben")
    reader.refresh()
    assert (reader.standing(), reader.last) == ([], 2)


def test_an_earlier_decision_counts_again_when_the_later_is_taken_back(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path / "log")
    first, second = decide(log, "1.jpg"), decide(log, "1.jpg", framed=True)
    assert log.standing() == [first, second]
    log.undo(second, by="anna")
    assert log.standing() == [first]
    log.undo(first, by="anna")
    assert log.standing() == []
    assert decide(log, "1.jpg").number == 5, "decisions and undos are counted together, and no number is given twice"


def test_nobody_decides_without_a_name(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path / "log")
    with pytest.raises(UsageError, match="needs a name"):
        log.decide(Kind.REJECT, "1.jpg", by=" ", seen=SEEN, reason="blurred")
    assert not (tmp_path / "log").exists()


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(0, 30)), max_size=15))
def test_any_decision_can_be_taken_back_at_any_time(tmp_path: Path, steps: list[tuple[str, bool, int]]) -> None:
    """Against a list of all standing decisions; and what is read back is what was held."""
    (tmp_path / "log").unlink(missing_ok=True)
    kept: list[Decision] = []
    log = DecisionLog(tmp_path / "log")
    for photo, undo, which in steps:
        if undo and kept:
            log.undo(kept.pop(which % len(kept)), by="anna")
        else:
            kept.append(decide(log, photo))
    assert log.standing() == kept
    assert DecisionLog(tmp_path / "log").standing() == kept


def test_it_may_be_cut_off_anywhere(tmp_path: Path) -> None:
    """After a kill at any byte, whole lines are kept and new ones are not swallowed."""
    path = tmp_path / "log"
    log = DecisionLog(path)
    log.undo(decide(log, "1.jpg"), by="anna")
    decide(log, "2.jpg", framed=True)
    whole = path.read_bytes()
    for length in range(0, len(whole) + 1, 3):
        path.write_bytes(whole[:length])
        # A line that lacks nothing but its end is complete.
        complete = sum(length >= index for index, sign in enumerate(whole) if sign == ord("\n"))
        expected = {2: {"1.jpg": 1}, 3: {}, 4: {"2.jpg": 3}}.get(complete, {})
        log = DecisionLog(path)
        assert last(log) == expected
        number = decide(log, "3.jpg").number
        assert last(DecisionLog(path)) == expected | {"3.jpg": number}


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b"7",
        b"\xff\xfe",
        b'{"number": 2, "undo": 99, "by": "anna", "at": "2026-01-01T00:00:00Z"}',
        b'{"undo": [1]}',
        b'{"number": 1}',
    ],
)
def test_a_damaged_line_is_named_and_nothing_is_passed_over(tmp_path: Path, line: bytes) -> None:
    """Passing over a damaged rejection would let the photo count as approved."""
    decide(DecisionLog(tmp_path / "log"), "1.jpg")
    (tmp_path / "log").write_bytes((tmp_path / "log").read_bytes() + line + b"\n")
    with pytest.raises(UsageError, match=r"log, line 3 is damaged .*remove that line"):
        DecisionLog(tmp_path / "log")


@pytest.mark.parametrize("content", [b"my notes\n", b"my notes", b"\n", b'{"journal": "other", "version": 1}\n'])
def test_another_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "log").write_bytes(content)
    with pytest.raises(UsageError, match=r"no journal that begins with .*packshot review"):
        DecisionLog(tmp_path / "log")
    assert (tmp_path / "log").read_bytes() == content


def test_a_decision_that_could_not_be_written_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    log = DecisionLog(tmp_path / "log")
    first = decide(log, "1.jpg")
    before = (tmp_path / "log").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            decide(log, "2.jpg")
        with pytest.raises(OutputError, match="No space left"):
            log.undo(first, by="anna")
    assert (tmp_path / "log").read_bytes() == before
    assert log.standing() == [first]
    assert decide(log, "2.jpg").number == 2


def test_a_decision_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    log = DecisionLog(tmp_path / "log")
    decide(log, "1.jpg")
    monkeypatch.setattr(os, "fsync", lambda _: synced.append((tmp_path / "log").read_bytes()))
    log.undo(decide(log, "1.jpg"), by="anna")
    assert [line.count(b"\n") for line in synced] == [3, 4]


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises((OutputError, UsageError), match="file"):
        decide(DecisionLog(tmp_path / "file" / "log"), "1.jpg")
