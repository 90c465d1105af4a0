"""``packshot explain OUT``: why each photo of a run was answered as it was, in the run's own folder and report."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.photos import discs

from packshot.records import read_manifest, read_why

PLAIN = os.fsdecode(b"pl\xe9in.png")  # a name need not be UTF-8


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three photos: a disc, one that the photo's edge cuts off, and nothing at all."""
    folder = tmp_path_factory.mktemp("shop")
    photo = discs(folder, 1) / "images" / "00.png"
    (folder / "photos").mkdir()
    photo.rename(folder / "photos" / "disc.png")
    cv2.imwrite(str(folder / "photos" / "cut.png"), cv2.imread(str(folder / "photos" / "disc.png"))[:50])
    cv2.imwrite(str(folder / "photos" / "plain.png"), np.full((80, 60, 3), 128, np.uint8))
    (folder / "photos" / "plain.png").rename(folder / "photos" / PLAIN)
    run("run", folder / "photos", "-o", folder / "out", "--jobs", "1")
    before = (folder / "out" / "report.html").read_text()
    assert "Evidence against the cut-out" not in before
    done = run("explain", folder / "out", "--json")
    assert done.code == 0, done.err
    assert (done.lines[0]["explained"], done.lines[0]["kept"], done.lines[0]["unreadable"]) == (3, 0, [])
    return folder / "out"


def test_the_evidence_stands_in_the_report_with_its_place(explained: Path) -> None:
    page = (explained / "report.html").read_text()
    assert page.count("<summary>Why</summary>") == 3
    assert "product at the photo's edge" in page.replace("&#39;", "'")
    assert "came nearest to seeing a product" in page
    shown = set(re.findall(r'src="(why/[^"]+)"', page))
    assert shown
    assert all((explained / path).is_file() for path in shown)


def test_the_cut_off_side_is_marked(explained: Path) -> None:
    """The disc of `discs` leaves the picture of 50 rows below: the strip along the lower edge."""
    record = next(each for each in read_manifest(explained / "manifest.jsonl") if each.source.endswith("cut.png"))
    found = read_why(explained, record)
    reason = next(each for each in found.reasons if each.figure == "cut_off")
    assert reason.decisive
    assert any(box[3] == 50 and box[1] >= 40 for box in reason.boxes)
    picture = cv2.imread(str(explained / found.pictures["review"]))
    assert picture.shape == (50, 80, 3)


def test_what_was_explained_is_not_asked_again_until_its_result_changes(explained: Path) -> None:
    again = run("explain", explained, "--json")
    assert (again.lines[0]["explained"], again.lines[0]["kept"]) == (0, 3)
    record = next(each for each in read_manifest(explained / "manifest.jsonl") if each.source.endswith("disc.png"))
    assert read_why(explained, record) is not None
    assert read_why(explained, record.model_copy(update={"doubts": ("smoke",)})) is None


def test_explanations_are_no_photos_of_a_run(explained: Path, tmp_path: Path) -> None:
    done = run("run", explained.parent, "-o", tmp_path / "other", "--describe-model", "none", "--json", "--jobs", "1")
    assert {Path(row["source"]).name for row in done.lines} <= {"disc.png", "cut.png", PLAIN, "00.png"}


def test_photos_need_a_folder_and_a_run_does_not(explained: Path, tmp_path: Path) -> None:
    done = run("explain", explained.parent / "photos")
    assert done.code == 2
    assert "-o" in done.err
    broken = tmp_path / "out"
    broken.mkdir()
    (broken / "manifest.jsonl").write_text(json.dumps({"source": "a"}))
    assert run("explain", broken).code == 2
