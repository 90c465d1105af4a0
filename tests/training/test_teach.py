"""recipes/cutout/teach.py, as it is typed: masks by teachers, and how far they can be trusted."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.photos import save

from packshot.datasets.taught import taught_items

SCRIPT = Path(__file__).parents[2] / "recipes" / "cutout" / "teach.py"
IN_BOXES = SCRIPT.with_name("teach_in_boxes.py")


def teach(photos: Path, out: Path, *models: str) -> list[dict[str, str]]:
    options = [word for model in models for word in ("--model", model)]
    subprocess.run([sys.executable, SCRIPT, photos, "-o", out, *options], check=True, timeout=120)
    with (out / "masks.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for number, shift in enumerate((0, 60)):
        photo = np.full((400, 640, 3), 235, np.uint8)
        cv2.circle(photo, (260 + shift, 200), 120, (40, 60, 180), -1)
        save(tmp_path / "photos" / f"{number}.jpg", photo)
    return tmp_path / "photos"


def test_a_disc_is_found_small_and_teachers_that_are_one_agree(photos: Path, tmp_path: Path) -> None:
    rows = teach(photos, tmp_path / "taught", "cutout", "cutout")
    assert [row["image"] for row in rows] == ["../photos/0.jpg", "../photos/1.jpg"]
    for row in rows:
        assert float(row["agreement"]) == 1.0
        assert float(row["area"]) == pytest.approx(np.pi * 120**2 / (400 * 640), rel=0.05)
        mask = cv2.imread(str(tmp_path / "taught" / row["mask"]), cv2.IMREAD_UNCHANGED)
        assert mask is not None
        assert mask.shape == (200, 320)
        assert np.mean(mask > 127) == pytest.approx(float(row["area"]), abs=0.005)


def test_a_second_run_goes_on_where_the_first_stopped(photos: Path, tmp_path: Path) -> None:
    first = teach(photos, tmp_path / "taught", "cutout")
    (tmp_path / "taught" / first[0]["mask"]).unlink()
    save(photos / "2.jpg", np.asarray(cv2.imread(str(photos / "0.jpg"))))
    rows = teach(photos, tmp_path / "taught", "cutout")
    assert rows[:2] == first
    assert [row["image"] for row in rows[2:]] == ["../photos/2.jpg"]
    assert not (tmp_path / "taught" / first[0]["mask"]).exists()  # what the table holds is not made again


def test_a_mask_is_kept_where_it_fills_the_box_a_person_drew(tmp_path: Path) -> None:
    photo = np.full((400, 640, 3), 235, np.uint8)
    cv2.circle(photo, (160, 200), 90, (40, 60, 180), -1)
    cv2.circle(photo, (500, 200), 60, (60, 140, 40), -1)
    save(tmp_path / "two.jpg", photo)
    (tmp_path / "boxes.csv").write_text(
        "image,x0,y0,x1,y1,kind\ntwo.jpg,70,110,250,290,plate\ntwo.jpg,20,20,620,380,table\n"
    )
    subprocess.run(
        [sys.executable, IN_BOXES, tmp_path / "boxes.csv", "-o", tmp_path / "out", "--model", "cutout"],
        check=True,
        timeout=120,
    )
    with (tmp_path / "out" / "masks.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)  # two discs in one box fill it by chance only: a mask of one of them, or none
    mask = cv2.imread(str(tmp_path / "out" / row["mask"]), cv2.IMREAD_UNCHANGED)
    assert mask is not None
    assert row["kind"] == "plate"
    assert float(row["fills"]) > 0.9
    assert mask.shape == (320, 512)
    assert np.mean(mask > 127) == pytest.approx(np.pi * 90**2 / (400 * 640), rel=0.05)
    assert not mask[:, 256:].any()  # the other disc is background

    (item,) = taught_items(tmp_path / "out" / "masks.csv", agreement=0.5)
    assert item.label == "plate"
