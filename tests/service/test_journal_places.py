"""Rows and pictures of a job come from its journal: each line is looked at once, however often they are asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packshot.batch.journal import Entry, Journal
from packshot.records import Record
from packshot.service.batches import journal_places
from packshot.service.batches.batch import Batch
from packshot.service.batches.folder import BatchFolder
from packshot.service.batches.record import BatchRecord, BatchState
from packshot.service.batches.results import file_of, photo_rows
from packshot.storage.times import utc_now

PHOTOS = 60


def entry(number: int, cutout: str | None) -> Entry:
    path = f"/srv/jobs/x/photos/{number:06}"
    return Entry(f"{number:06}", path, None, None, Record(source=path, status="ok", cutout=cutout))


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    names = tuple(f"shoe {number}.png" for number in range(1, PHOTOS + 1))
    record = BatchRecord(
        id="0" * 32, owner=None, state=BatchState.RUNNING, profiles=("plain",), names=names, created=utc_now()
    )
    return Batch(record, BatchFolder(tmp_path))


def test_each_line_is_looked_at_once_and_only_what_is_asked_is_validated(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal(batch.folder.out) as journal:
        for number in range(1, PHOTOS + 1):
            journal.append(entry(number, f"cutouts/{number:06}.png"))
    looked, validated = [], []
    number_of, of_row = journal_places._number, Entry.of_row
    monkeypatch.setattr(journal_places, "_number", lambda line: looked.append(line) or number_of(line))
    monkeypatch.setattr(Entry, "of_row", lambda row: validated.append(row["stem"]) or of_row(row))
    for number in range(1, PHOTOS + 1):
        assert file_of(batch, number, "cutout", None) == batch.folder.out / f"cutouts/{number:06}.png"
    assert (len(looked), len(validated)) == (PHOTOS, PHOTOS)
    for first in range(0, PHOTOS, 10):
        page = [number for number, _, _ in photo_rows(batch, after=first, count=10)]
        assert page == list(range(first + 1, first + 11))
    assert (len(looked), len(validated)) == (PHOTOS, 2 * PHOTOS)


def test_the_journal_is_read_on_while_it_grows_and_anew_when_it_was_rewritten(batch: Batch) -> None:
    assert file_of(batch, 1, "cutout", None) is None
    assert list(photo_rows(batch)) == []
    with Journal(batch.folder.out) as journal:
        for number in (2, 1):
            journal.append(entry(number, f"cutouts/{number}.png"))
        assert [(number, row["source"]) for number, _, row in photo_rows(batch)] == [
            (1, "shoe 1.png"),
            (2, "shoe 2.png"),
        ]
        journal.append(entry(1, "cutouts/again.png"))
        assert file_of(batch, 1, "cutout", None) == batch.folder.out / "cutouts/again.png"
        journal.append(entry(3, None))
        assert file_of(batch, 3, "cutout", None) is None
        assert file_of(batch, 4, "cutout", None) is None
        journal.compact(["000003", "000001"])
        assert file_of(batch, 2, "cutout", None) == batch.folder.out / "cutouts/2.png"
        assert [number for number, _, _ in photo_rows(batch, after=1)] == [2, 3]
    path = batch.folder.out / ".packshot/journal.jsonl"
    whole = json.dumps(entry(5, "cutouts/5.png").row()).encode()
    with path.open("ab") as file:
        file.write(b"no JSON\n" + b'{"stem": "000004"}\n' + whole[:40])
    assert [number for number, _, _ in photo_rows(batch)] == [1, 2, 3], "damaged and torn lines are passed over"
    assert file_of(batch, 5, "cutout", None) is None
    with path.open("ab") as file:
        file.write(whole[40:] + b"\n")
    assert file_of(batch, 5, "cutout", None) == batch.folder.out / "cutouts/5.png"
