"""What a command refuses is told in words that lead on: right names, places that exist, no wrong advice."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from packshot_tests.command import run
from PIL import Image

from packshot.errors import UsageError
from packshot.explaining.interventions import intervention_named

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "packshot"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    Image.new("RGB", (60, 50), "white").save(tmp_path / "a.png")
    return tmp_path / "a.png"


def test_every_page_that_is_named_exists() -> None:
    named = {
        (str(path.relative_to(ROOT)), page)
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".toml", ".html", ".js"}
        for page in re.findall(r"\b(?:docs|recipes|benchmarks)/[\w/-]+\.(?:md|toml|py)\b", path.read_text())
    }
    assert named
    assert [each for each in sorted(named) if not (ROOT / each[1]).is_file()] == []


def test_an_address_is_told_that_none_is_fetched(tmp_path: Path) -> None:
    done = run("cutout", "https://shop.example/a.jpg", "-o", tmp_path / "out")
    assert done.code == 3
    assert "https://shop.example/a.jpg is not there: save it as a file first: no address is fetched" in done.err


def test_a_file_that_is_no_picture_is_called_by_its_name_when_checked(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("hello")
    done = run("check", tmp_path / "text.jpg", "--profile", "amazon")
    assert done.code == 3
    assert f"{tmp_path / 'text.jpg'} holds text" in done.err
    assert "<bytes>" not in done.err


def test_a_background_that_is_neither_colour_nor_picture_names_the_three(photo: Path, tmp_path: Path) -> None:
    done = run("run", photo, "-o", tmp_path / "out", "--background", "blurple")
    assert (done.code, "give #rrggbb, transparent, or a picture" in done.err) == (2, True)


def test_a_profile_that_is_wrong_names_a_shipped_one_that_is_there(photo: Path, tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text('name = "x"\n')
    done = run("run", photo, "-o", tmp_path / "out", "--profile", tmp_path / "shop.toml")
    assert done.code == 2
    shown = re.search(r"to compare with: (\S+\.toml)", done.err)
    assert shown is not None
    assert os.path.isfile(shown[1])  # noqa: PTH113 - as a person would open it


def test_a_run_is_explained_without_an_output_folder(tmp_path: Path) -> None:
    Image.new("RGB", (60, 50), "white").save(tmp_path / "a.png")
    assert run("run", tmp_path / "a.png", "-o", tmp_path / "out", "--jobs", "1").code in {0, 3}
    done = run("explain", tmp_path / "out", "-o", tmp_path / "why")
    assert (done.code, "leave -o out" in done.err) == (2, True)


def test_an_unknown_intervention_names_all_and_the_nearest_first() -> None:
    with pytest.raises(UsageError) as refused:
        intervention_named("gray")
    assert refused.value.remedy.startswith("the nearest are grey")
    assert "silhouette" in refused.value.remedy
