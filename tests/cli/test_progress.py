"""The time that is left."""

from __future__ import annotations

import re
import time

import pytest

from packshot.cli.progress import Bar, inputs_left


@pytest.mark.parametrize(
    ("before", "skipped", "done", "left"),
    [
        (0, 0, 0, 132),
        (0, 0, 32, 100),
        (131, 0, 0, 132),  # nobody knows yet whether they have to be done anew
        (131, 62, 1, 0),  # the one new photo is done: what is left was done before
        (131, 0, 32, 100),  # the settings are others, and all is done anew
        (100, 100, 2, 30),  # a run that was stopped goes on
        (100, 50, 0, 32),
        (100, 30, 42, 15),  # all 32 that are new and 10 of 40 others were done: a quarter of the 60 that are left
        (132, 10, 0, 0),
    ],
)
def test_inputs_that_still_take_their_time(before: int, skipped: int, done: int, left: float) -> None:
    assert inputs_left(132, before=before, skipped=skipped, done=done) == pytest.approx(left)


def test_a_bar_takes_no_slow_photo_for_the_time_of_those_that_were_done_before(capsys) -> None:
    with Bar(132, unit="photo", before=131) as bar:
        for _ in range(62):
            bar.skip()
        time.sleep(1.1)
        bar.update()
        bar.write_line("here")
    drawn = [line for line in re.split(r"[\r\n]", capsys.readouterr().err) if "63/132" in line]
    assert drawn
    assert all("<00:00, " in line for line in drawn), drawn


def test_a_bar_learns_how_many_there_are(capsys) -> None:
    with Bar(None, unit="photo") as bar:
        bar.expect(126)
    assert "0/126" in capsys.readouterr().err
