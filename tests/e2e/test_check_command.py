"""``packshot check`` as it is typed on a folder: what is printed, and what the exit code says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import Done, run
from PIL import Image


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pictures that eBay takes, one that is too small for it, and a file that is none."""
    folder = tmp_path_factory.mktemp("finished")
    for name, side in (("a.png", 1200), ("b.png", 300), ("d.png", 1600)):
        picture = np.full((side, side, 3), 255, np.uint8)
        y, x = np.ogrid[:side, :side]
        picture[np.hypot(y - side / 2, x - side / 2) < 0.45 * side] = (30, 60, 120)
        Image.fromarray(picture).save(folder / name)
    (folder / "c.png").write_text("not a picture")
    return folder


def names(result: Done) -> list[str]:
    """Pictures of the rows."""
    return [Path(str(row["source"])).name for row in result.lines]


def test_only_what_fails_is_printed_where_that_is_asked(finished: Path) -> None:
    every = run("check", finished, "--profile", "ebay", "--json")
    assert names(every) == ["a.png", "b.png", "c.png", "d.png"]
    failing = run("check", finished, "--profile", "ebay", "--json", "--failing-only")
    assert names(failing) == ["b.png", "c.png"]
    assert failing.lines == [row for row in every.lines if not row["ok"]], "a row says all that it says without"
    assert failing.code == every.code == 3


def test_for_a_person_only_the_rules_that_do_not_hold_are_told(finished: Path) -> None:
    told = run("check", finished, "--profile", "ebay", "--failing-only")
    assert told.code == 3
    assert "a.png" not in told.out + told.err
    assert "ok  " not in told.out
    head, *rules = told.out.splitlines()
    assert head.startswith("FAIL")
    assert head.endswith("b.png")
    assert any("FAIL" in rule and "300" in rule for rule in rules)
    assert "c.png" in told.err
    assert "4 pictures: 2 pass, 1 misses a rule that must hold, 1 cannot be read" in told.err


def test_a_rule_that_only_advises_is_called_a_recommendation(finished: Path) -> None:
    """Amazon refuses below 500 pixels, and recommends 1000."""
    told = run("check", finished / "b.png", "--profile", "amazon").out.splitlines()
    (row,) = run("check", finished / "b.png", "--profile", "amazon", "--json").lines
    for rule in row["rules"]:
        (line,) = [each for each in told if f"  {rule['id']}: " in each]
        assert ("(required: " in line, "(recommended: " in line) == (
            rule["severity"] == "must",
            rule["severity"] == "should",
        )
    assert {rule["severity"] for rule in row["rules"] if not rule["ok"]} == {"must", "should"}


def test_of_pictures_that_pass_nothing_is_printed(finished: Path) -> None:
    told = run("check", finished / "a.png", finished / "d.png", "--profile", "ebay", "--failing-only")
    assert (told.code, told.out) == (0, "")
    assert "2 pictures: 2 pass" in told.err


def test_of_several_profiles_each_measures_every_picture(finished: Path) -> None:
    alone = {name: run("check", finished, "--profile", name, "--json").lines for name in ("ebay", "zalando")}
    both = run("check", finished, "--profile", "ebay,zalando", "--json")
    assert both.code == 3
    readable = [row for row in both.lines if row["error"] is None]
    assert readable == [row for name in alone for row in alone[name] if row["error"] is None]
    unread = [row for row in both.lines if row["error"] is not None]
    assert [row["profile"] for row in unread] == ["ebay", "zalando"]
    told = run("check", finished / "a.png", finished / "b.png", "--profile", "ebay, zalando")
    assert "a.png  (ebay)" in told.out
    assert "a.png  (zalando)" in told.out
    assert [line.partition(":")[0] for line in told.err.splitlines() if "2 pictures" in line] == ["ebay", "zalando"]


def test_an_unknown_one_of_several_profiles_is_refused_before_anything_is_measured(finished: Path) -> None:
    told = run("check", finished, "--profile", "ebay,nowhere")
    assert (told.code, told.out) == (2, "")
    assert "no profile 'nowhere'" in told.err
    told = run("check", "-", "--profile", "ebay,zalando")
    assert (told.code, told.out) == (2, "")
    assert "stdin is read once" in told.err
