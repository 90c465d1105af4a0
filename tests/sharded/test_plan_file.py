"""The plan of a run in shards, as it lies in the output folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.errors import UsageError
from packshot.sharded.layout import PLAN
from packshot.sharded.plan import Generation, Plan
from packshot.storage.objects import open_folder


def test_a_plan_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    folder = open_folder(f"file://{tmp_path}")
    Plan.open(folder, ["s3://b", "file:///ä"], ["amazon", "ebay"], "one")
    again = Plan.open(folder, ["file:///ä", "s3://b"], ["ebay"], "two")
    assert again.sources == ("file:///ä", "s3://b")
    assert again.folders == {"amazon": "packshots", "ebay": "channels/ebay"}
    assert again.generations == (Generation(1, "one"), Generation(2, "two"))


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"[]",
        b'{"version": 2}',
        b'{"version": 1}',
        b'{"version": 1, "sources": [], "folders": {}, "generations": [{"number": "x"}]}',
    ],
)
def test_what_is_no_plan_is_refused_with_the_way_out(damaged: bytes, tmp_path: Path) -> None:
    folder = open_folder(f"file://{tmp_path}")
    folder.write(PLAN, damaged)
    with pytest.raises(UsageError, match="is none this packshot can read"):
        Plan.open(folder, ["s3://b"], ["amazon"], "one")
