"""`packshot duplicates` as typed."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from packshot_tests.command import exit_code as packshot
from PIL import Image


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def photos(tmp_path: Path, coffee, chelsea) -> Path:
    folder = tmp_path / "photos"
    (folder / "old").mkdir(parents=True)
    Image.fromarray(coffee).save(folder / "cup.png")
    Image.fromarray(coffee).save(folder / "cup <b>again.bmp")
    Image.fromarray(np.ascontiguousarray(coffee[:, ::-1])).resize((300, 200)).save(folder / "old" / "cup.jpg")
    Image.fromarray(chelsea).save(folder / "cat.png")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_groups_are_named_with_their_best_copy_and_nothing_is_touched(photos: Path, capsys) -> None:
    before = contents(photos)
    assert packshot("duplicates", photos, "--json") == 0
    (row,) = rows(capsys)
    names = [Path(name).relative_to(photos).as_posix() for name in row["members"]]
    assert row["group"] == 1
    assert names == ["cup <b>again.bmp", "cup.png", "old/cup.jpg"]
    assert row["best"] == row["members"][0]
    assert row["kinds"] == [None, "exact", "mirrored"]
    assert row["scores"][:2] == [1.0, 1.0]
    assert row["score"] == min(row["scores"]) >= 0.5
    assert contents(photos) == before


def test_lines_are_for_people(photos: Path, capsys) -> None:
    assert packshot("duplicates", photos / "cup.png", photos / "old") == 0
    out, err = capsys.readouterr()
    assert out.startswith("group 1\t2 photos\n  best\t")
    assert "  mirrored (" in out
    assert "2 photos, 1 group, 1 copy beside the best" in err


def test_without_duplicates_nothing_is_printed(photos: Path, capsys) -> None:
    assert packshot("duplicates", photos / "cat.png", photos / "cup.png", "--json") == 0
    assert capsys.readouterr().out == ""


def test_bad_photos_are_named_and_the_rest_goes_on(photos: Path, capsys) -> None:
    (photos / "empty.jpg").touch()
    (photos / "torn.png").write_bytes((photos / "cat.png").read_bytes()[:5000])
    (photos / "nothing").mkdir()
    assert packshot("duplicates", photos, photos / "nothing", photos / "missing.jpg", "--json") == 3
    out, err = capsys.readouterr()
    answers = [json.loads(line) for line in out.splitlines()]
    faults = {Path(row["source"]).name: row["error"]["code"] for row in answers if "error" in row}
    assert faults == {
        "nothing": "UsageError",
        "empty.jpg": "EmptyFile",
        "torn.png": "DamagedPhoto",
        "missing.jpg": "UnreadablePhoto",
    }
    assert [len(row["members"]) for row in answers if "group" in row] == [3]
    for name in faults:
        assert name in err


@pytest.mark.parametrize("args", [[], ["nothing"], ["photos", "--sheet", "sheet.jpg"]])
def test_wrong_usage_is_told(photos: Path, args: list[str], capsys, monkeypatch) -> None:
    (photos.parent / "nothing").mkdir()
    monkeypatch.chdir(photos.parent)
    assert packshot("duplicates", *args) == 2
    assert capsys.readouterr().out == ""


def test_the_sheet_shows_every_member_in_one_file(photos: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "pages" / "sheet.html"
    assert packshot("duplicates", photos, "--sheet", sheet) == 0
    page = sheet.read_text()
    assert len(re.findall(r'<img src="data:image/webp;base64,', page)) == 3
    assert page.count("best copy") == 1
    assert "cup &lt;b&gt;again.bmp" in page
    assert "<b>again" not in page
    assert not re.search(r"https?://|<script[^>]*src=", page)
    assert len(page) < 60_000


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
def test_the_sheet_shows_a_name_that_is_not_utf8(photos: Path, tmp_path: Path) -> None:
    cup = next(photos.glob("cup.png"))
    shutil.copy(cup, photos / os.fsdecode(b"gr\xf6\xdfe.png"))
    sheet = tmp_path / "sheet.html"
    assert packshot("duplicates", photos, "--sheet", sheet) == 0
    assert r"gr\xf6\xdfe.png" in sheet.read_text("utf-8")


def test_a_catalogues_photos_are_looked_through(photos: Path, monkeypatch, capsys) -> None:
    """The store itself is tested elsewhere: here stands one with three items, one of them named as a photo too."""
    names = ("cup.png", "old/cup.jpg", "gone.png")
    items = [SimpleNamespace(source=str(photos / name), embedding=np.array([1, 0], np.float32)) for name in names]

    class Shelf:
        def __enter__(self):
            return self

        def __exit__(self, *args) -> None:
            pass

        def items(self):
            return iter(items)

    opened = []
    monkeypatch.setattr("packshot.catalogue.store.open_store", lambda uri: opened.append(uri) or Shelf())
    assert packshot("duplicates", "-c", "catalogue", "--json") == 3
    answers = rows(capsys)
    assert opened == ["catalogue"]
    assert [row["error"]["code"] for row in answers if "error" in row] == ["UnreadablePhoto"]
    (group,) = [row for row in answers if "group" in row]
    assert [Path(name).name for name in group["members"]] == ["cup.png", "cup.jpg"]
    items.pop()
    assert packshot("duplicates", photos / "cup.png", photos / "cup <b>again.bmp", "-c", "catalogue", "--json") == 0
    (group,) = rows(capsys)
    assert len(group["members"]) == 3
