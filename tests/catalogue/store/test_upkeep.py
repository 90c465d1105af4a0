"""A catalogue looked after by functions, as the commands do it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from packshot.catalogue import upkeep
from packshot.catalogue.kept_files import kept_files
from packshot.catalogue.store import Snapshot, open_store

pytest.importorskip("lancedb")


def test_a_catalogue_that_is_well_has_no_problems(tmp_path, make_items):
    with open_store(tmp_path / "c", create=True) as store:
        store.upsert(make_items(2))
    found = upkeep.verify(str(tmp_path / "c"))
    assert (found.ok, found.words(), found.row()) == (True, "all is well", {"ok": True, "problems": []})


def test_a_catalogue_that_does_not_open_has_a_problem_with_a_way_out(tmp_path, make_items):
    with open_store(tmp_path / "c", create=True) as store:
        store.upsert(make_items(2))
    for manifest in (tmp_path / "c" / "items.lance" / "_versions").glob("*.manifest"):
        manifest.write_bytes(b"garbage")
    found = upkeep.verify(str(tmp_path / "c"))
    assert not found.ok
    (problem,) = found.problems
    assert found.words() == f"{problem.message}: {problem.remedy}"
    assert found.row() == {"ok": False, "problems": [{"message": problem.message, "remedy": problem.remedy}]}


def test_a_snapshot_says_when_it_was_written():
    one = Snapshot(12, datetime(2026, 11, 30, 8, 5, 9, tzinfo=UTC), 300)
    assert one.cells == ("12", "2026-11-30 08:05:09 UTC", "300")
    assert one.row() == {"version": 12, "written": "2026-11-30T08:05:09+00:00", "items": 300}


def test_files_of_all_items_are_known_below_their_runs(tmp_path, make_items):
    first, second = make_items(2)
    with open_store(tmp_path / "c", create=True) as store:
        store.upsert(
            [
                replace(first, files={"mask": "masks/a.png", "packshot": "packshots/a.jpg"}),
                replace(second, files={"mask": "masks/in/b.png"}),
            ]
        )
    assert kept_files(str(tmp_path / "c")) == {"masks/a.png", "packshots/a.jpg", "masks/in/b.png"}
