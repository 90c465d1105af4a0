"""What `packshot run` says at its end."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from packshot.batch import Summary
from packshot.batch.words import left_over_lines, summary_lines


def summary(**values: Any) -> Summary:
    told = {"total": 132, "ok": 20, "review": 110, "failed": 2, "resumed": 0, "seconds": 66.0, "stopped_by": None}
    return Summary(**{**told, **values}, manifest=Path("out/manifest.jsonl"), report=Path("out/report.html"))


@pytest.mark.parametrize(
    ("values", "rate"),
    [
        ({}, "66.0 s, 2.0 photos/s)"),
        ({"resumed": 131, "seconds": 48.6}, "48.6 s, 48.6 s/photo)"),  # one was done
        ({"resumed": 132}, "66.0 s)"),  # none was
    ],
)
def test_the_rate_is_of_the_photos_that_were_done(values: dict[str, Any], rate: str) -> None:
    (line, _) = summary_lines(summary(**values))
    assert line.endswith(rate)


def test_a_run_that_was_stopped_says_so_first() -> None:
    stopped = summary_lines(summary(ok=3, review=7, failed=0, stopped_by=signal.SIGTERM))
    assert stopped[0] == "stopped after 10 of 132: repeat the command to go on"
    assert "(0 already done, 66.0 s, 6.6 s/photo)" in stopped[1]


def test_thousands_stand_apart_in_every_number() -> None:
    many = summary(total=3000, ok=1200, review=1790, failed=10, resumed=1000, stopped_by=signal.SIGTERM)
    first, line, _ = summary_lines(many)
    assert first == "stopped after 3,000 of 3,000: repeat the command to go on"
    assert line.startswith("3,000 photos: 1,200 ok, 1,790 to review, 10 failed (1,000 already done")


def test_a_profile_that_was_left_out_is_named_with_the_way_to_keep_it_and_with_where_the_new_pictures_lie() -> None:
    other = summary(folders={"ebay": "channels/ebay"}, dropped={"amazon": "packshots"})
    (left,) = left_over_lines(other)
    assert "stay in packshots/" in left
    assert "a ZIP or feed that is delivered again is without them: to have all, name all profiles at once" in left
    assert "pictures: ebay in channels/ebay/" in summary_lines(other)
    assert len(summary_lines(summary(folders={"amazon": "packshots"}))) == 2
