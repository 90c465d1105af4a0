import json
from pathlib import Path

import pytest

from packshot.batch.journal import Entry, Journal
from packshot.errors import EmptyFile
from packshot.records import Record, read_manifest, write_manifest


def entry(stem: str, source: str = "x.jpg") -> Entry:
    record = Record.failed(source, EmptyFile("x.jpg is empty", remedy="upload it again"))
    return Entry(stem, f"/in/{source}", "k", 0, record, {f"masks/{stem}.png": "0"})


def test_the_last_entry_of_a_stem_counts_and_survives_reopening(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.append(entry("a", "1.jpg"))
        journal.append(entry("b"))
        journal.append(entry("a", "odd \udcff\n.jpg"))
        assert journal.get("c") is None
    with Journal(tmp_path) as journal:
        assert journal.get("a") == entry("a", "odd \udcff\n.jpg")
        assert journal.get("b") == entry("b")
        assert len(journal) == 2


@pytest.mark.parametrize("cut", [1, 5, 100])
def test_a_line_torn_by_a_kill_is_forgotten_and_the_next_one_is_not_lost_with_it(tmp_path: Path, cut: int) -> None:
    with Journal(tmp_path) as journal:
        journal.append(entry("a"))
        journal.append(entry("b"))
    path = tmp_path / ".packshot/journal.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    for _ in range(2):
        with Journal(tmp_path) as journal:
            assert journal.get("a") == entry("a")
            journal.append(entry("c"))
    with Journal(tmp_path) as journal:
        assert journal.get("c") == entry("c")
        assert journal.get("b") in (None, entry("b"))


def test_rubbish_in_the_journal_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".packshot").mkdir()
    (tmp_path / ".packshot/journal.jsonl").write_bytes(b"\x00\x00\n[]\n{}\n\n")
    with Journal(tmp_path) as journal:
        assert len(journal) == 0


def test_compacting_keeps_what_other_runs_knew(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        for stem in ("old", "b", "a", "a"):
            journal.append(entry(stem))
        journal.compact(["a", "b"])
        assert journal.get("old") == entry("old")
    lines = (tmp_path / ".packshot/journal.jsonl").read_text().splitlines()
    assert [json.loads(line)["stem"] for line in lines] == ["a", "b", "old"]


def test_a_torn_last_line_of_a_manifest_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    write_manifest(path, [entry("a").record, entry("b").record])
    assert list(read_manifest(path)) == [entry("a").record, entry("b").record]
    path.write_bytes(path.read_bytes()[:-3])
    assert list(read_manifest(path)) == [entry("a").record]
