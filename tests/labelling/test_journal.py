"""The journal keeps what was acknowledged, in spite of torn lines, full disks and undone decisions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packshot.errors import OutputError, UsageError
from packshot.labelling.answers import Decision
from packshot.labelling.journal import Journal
from packshot.values import Box

SHA = "0" * 64


def decide(journal: Journal, photo: str, framed: bool = False) -> Decision:
    return journal.decide(photo, sha256=SHA, framed=framed, box=Box(1, 2, 3, 4) if framed else None)


def standing(journal: Journal) -> dict[str, int]:
    return {photo: d.number for photo in journal.photos() if (d := journal.current(photo))}


def test_decisions_come_back(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        decide(journal, "ä/1.jpg", framed=True)
        decide(journal, "2.jpg")
        before = journal.made()
    with Journal(tmp_path / "j") as journal:
        assert journal.made() == before
        current = journal.current("ä/1.jpg")
        assert current == Decision(1, "ä/1.jpg", SHA, True, Box(1, 2, 3, 4))
        assert journal.photos() == ["2.jpg", "ä/1.jpg"]
        assert journal.current("never.jpg") is None
        assert journal.current("2.jpg", sha256="1" * 64) is None, "another picture of the same name"


def test_an_earlier_decision_counts_again_when_the_later_is_taken_back(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        first, second = decide(journal, "1.jpg"), decide(journal, "1.jpg", framed=True)
        assert journal.current("1.jpg") == second
        journal.undo(second)
        assert journal.current("1.jpg") == first
        journal.undo(first)
        assert journal.current("1.jpg") is None
        assert decide(journal, "1.jpg").number == 3, "a number is never given twice"


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(0, 30)), max_size=25))
def test_any_decision_can_be_taken_back_at_any_time(tmp_path: Path, steps: list[tuple[str, bool, int]]) -> None:
    """Against a list of all standing decisions; and what is read back is what was held."""
    (tmp_path / "j").unlink(missing_ok=True)
    kept: list[Decision] = []
    with Journal(tmp_path / "j") as journal:
        for photo, undo, which in steps:
            if undo and kept:
                journal.undo(kept.pop(which % len(kept)))
            else:
                kept.append(decide(journal, photo))
        expected = {decision.photo: decision.number for decision in kept}
        assert standing(journal) == expected
    with Journal(tmp_path / "j") as journal:
        assert standing(journal) == expected


def test_it_may_be_cut_off_anywhere(tmp_path: Path) -> None:
    """After a kill at any byte, whole lines are kept and new ones are not swallowed."""
    path = tmp_path / "j"
    with Journal(path) as journal:
        journal.undo(decide(journal, "1.jpg"))
        decide(journal, "2.jpg", framed=True)
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        # A line that lacks nothing but its end is complete.
        complete = sum(length >= index for index, sign in enumerate(whole) if sign == ord("\n"))
        expected = {1: {}, 2: {"1.jpg": 1}, 3: {}, 4: {"2.jpg": 2}}.get(complete, {})
        with Journal(path) as journal:
            assert standing(journal) == expected
            number = decide(journal, "3.jpg").number
        with Journal(path) as journal:
            assert standing(journal) == expected | {"3.jpg": number}


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b"7",
        b"null",
        b"\xff\xfe",
        b'{"undo": 99}',
        b'{"undo": [1]}',
        b'{"number": 1}',
        b'{"stamp": 3}',
        b'{"number": 1, "photo": "a", "sha256": "", "framed": true, "box": [4, 3, 2, 1]}',
    ],
)
def test_a_damaged_line_is_passed_over(tmp_path: Path, line: bytes) -> None:
    with Journal(tmp_path / "j") as journal:
        decide(journal, "1.jpg")
    (tmp_path / "j").write_bytes((tmp_path / "j").read_bytes() + line + b"\n")
    with Journal(tmp_path / "j") as journal:
        decide(journal, "2.jpg")
        assert standing(journal) == {"1.jpg": 1, "2.jpg": 2}


@pytest.mark.parametrize("content", [b"my notes\n", b"my notes", b"\n", b'{"journal": "other", "version": 1}\n'])
def test_another_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "j").write_bytes(content)
    with pytest.raises(UsageError, match=r"no journal that begins with .*packshot label frame"):
        Journal(tmp_path / "j")
    assert (tmp_path / "j").read_bytes() == content


def test_a_decision_that_could_not_be_written_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with Journal(tmp_path / "j") as journal:
        decide(journal, "1.jpg")
        before = (tmp_path / "j").read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(OutputError, match="No space left"):
                decide(journal, "2.jpg")
        assert (tmp_path / "j").read_bytes() == before
        assert standing(journal) == {"1.jpg": 1}
        decide(journal, "2.jpg")
        assert standing(journal) == {"1.jpg": 1, "2.jpg": 2}


def test_a_decision_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    with Journal(tmp_path / "j") as journal:
        monkeypatch.setattr(os, "fsync", lambda _: synced.append((tmp_path / "j").read_bytes()))
        decision = decide(journal, "1.jpg")
        journal.undo(decision)
    assert [line.count(b"\n") for line in synced] == [2, 3]


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file"):
        Journal(tmp_path / "file" / "j")
