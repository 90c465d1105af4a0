"""`packshot frame` and frames in `packshot run`, as typed, on photographs with bands drawn around them."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.command import exit_code as packshot
from PIL import Image
from skimage import data

BAND = 24


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """The same two photographs, plain and inside a frame."""
    folder = tmp_path / "photos"
    (folder / "framed").mkdir(parents=True)
    for name in ("astronaut", "coffee"):
        rgb = getattr(data, name)()
        Image.fromarray(rgb).save(folder / f"{name}.png")
        framed = cv2.copyMakeBorder(rgb, *(BAND,) * 4, cv2.BORDER_CONSTANT, value=(30, 90, 160))
        Image.fromarray(framed).save(folder / "framed" / f"{name}.png")
    return folder


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_frames_are_found_and_cut_off_to_the_pixel(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert packshot("frame", photos, "--crop", "-o", tmp_path / "out", "--json") == 0
    found = {Path(row["source"]).relative_to(photos).as_posix(): row for row in rows(capsys)}
    for name in ("astronaut", "coffee"):
        plain, framed = found[f"{name}.png"], found[f"framed/{name}.png"]
        rgb = getattr(data, name)()
        height, width = rgb.shape[:2]
        assert (plain["framed"], plain["inner_box"], plain["removable"]) == (False, [0, 0, width, height], False)
        assert (framed["framed"], framed["removable"]) == (True, True)
        assert framed["inner_box"] == [BAND, BAND, width + BAND, height + BAND]
        for row in (plain, framed):
            assert np.array_equal(np.asarray(Image.open(row["output"])), rgb)
    assert (tmp_path / "out" / "framed" / "coffee.png").is_file()


def test_lines_say_what_was_found(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert packshot("frame", photos / "framed" / "coffee.png", photos / "coffee.png") == 0
    plain, framed = sorted(capsys.readouterr().out.splitlines())
    assert "framed (" in framed
    assert f"picture inside {BAND},{BAND} to" in framed
    assert "no frame" in plain


def test_a_bad_file_is_named_and_the_others_go_on(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (photos / "empty.jpg").touch()
    assert packshot("frame", photos, "--json", "--model", "classical") == 3
    told = capsys.readouterr()
    by_name = {Path(row["source"]).name: row for row in map(json.loads, told.out.splitlines())}
    assert by_name["empty.jpg"]["error"]["code"] == "EmptyFile"
    assert by_name["empty.jpg"]["framed"] is None
    assert by_name["coffee.png"]["error"] is None
    assert "empty.jpg" in told.err


def test_crop_needs_a_folder_and_never_writes_over_a_photo(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert packshot("frame", photos, "--crop") == 2
    before = (photos / "coffee.png").read_bytes()
    assert packshot("frame", photos, "--crop", "-o", photos) == 3
    assert (photos / "coffee.png").read_bytes() == before
    assert "is one of the photos" in capsys.readouterr().err


def test_run_cuts_frames_off_before_it_cuts_out(photos: Path, tmp_path: Path) -> None:
    assert packshot("run", photos / "framed" / "coffee.png", photos / "coffee.png", "-o", tmp_path / "out") == 0
    lines = (tmp_path / "out" / "manifest.jsonl").read_text().splitlines()
    plain, framed = sorted((json.loads(line) for line in lines), key=lambda row: row["source"])
    assert (framed["frame"]["framed"], framed["frame"]["removed"]) == (True, True)
    assert (plain["frame"]["framed"], plain["frame"]["removed"]) == (False, False)
    masks = [np.asarray(Image.open(tmp_path / "out" / row["mask"])) for row in (framed, plain)]
    assert np.array_equal(*masks)  # the photo inside the frame is the photo
    assert framed["findings"] == plain["findings"]
    assert framed["timings_ms"]["frame"] > 0
    assert (tmp_path / "out" / "report.html").read_text().count("frame cut off") == 1
