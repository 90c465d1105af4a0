"""A catalogue that can be none is told by `run`, `watch` and `serve` before photos are listed or anything is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from packshot_tests.command import run

#: What is typed; neither photos nor networks are there, and each would be told by whoever looked for it first.
TYPED = (
    "run no/*.jpg -o out --model no.onnx -c {place}",
    "watch no -o out --model no.onnx -c {place}",
    "serve --port 0 --catalogue {place}",
)


@pytest.mark.parametrize("typed", TYPED)
def test_a_folder_of_something_else_is_told_with_the_way_out(typed: str, tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "beach.txt").touch()
    done = run(*typed.format(place="holiday").split(), cwd=tmp_path)
    assert done.code == 2
    assert "holiday is no catalogue: it holds 'beach.txt': name a catalogue, or a new or an empty folder" in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("typed", TYPED)
def test_of_a_runs_folder_the_command_that_makes_a_catalogue_of_it_is_named(typed: str, tmp_path: Path) -> None:
    (tmp_path / "made" / ".packshot").mkdir(parents=True)
    (tmp_path / "made" / "manifest.jsonl").touch()
    done = run(*typed.format(place="made").split(), cwd=tmp_path)
    assert (done.code, "packshot index made -c CATALOGUE" in done.err) == (2, True), done.err


def test_an_empty_folder_and_one_that_is_not_there_become_catalogues(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in ("empty", "new"):
        done = run("run", "no/*.jpg", "-o", "out", "-c", place, cwd=tmp_path)
        assert "no photos found" in done.err, "nothing is said of the catalogue, which is none yet"
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


@pytest.mark.parametrize("wrong", ["--profile nowhere", "--language xx", "--consistent sku"])
def test_a_slip_in_the_options_is_told_before_photos_are_listed(wrong: str, tmp_path: Path) -> None:
    done = run("run", "no/*.jpg", "-o", "out", *wrong.split(), cwd=tmp_path)
    assert done.code == 2
    assert "no photos found" not in done.err
