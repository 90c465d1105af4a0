"""``packshot study`` and ``packshot evaluate explanation`` as a user types them, on drawn garments."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.networks import write_classifier
from packshot_tests.photos import save, soft

from packshot.explaining.study.answers import photo_seed
from packshot.runtime import card_of

STUDY = """
name = "What the category hangs on"
interventions = ["grey", "background-white", "jpeg 30"]

[[hidden]]
name = "chest"
box = [0.3, 0.2, 0.7, 0.4]
"""

SHIRT = [(40, 40), (65, 30), (95, 30), (120, 40), (140, 70), (120, 80), (112, 70), (112, 140), (48, 140), (48, 70)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of twelve drawn shirts."""
    folder = tmp_path_factory.mktemp("shop")
    rows = ["path,label"]
    for number in range(12):
        picture = np.full((160, 160, 3), 235, np.uint8)
        colour = tuple(map(int, soft(number, (8, 8))[4, 4]))
        shirt = np.array(
            [
                [40, 40],
                [65, 30],
                [95, 30],
                [120, 40],
                [140, 70],
                [120, 80],
                [112, 70],
                [112, 140],
                [48, 140],
                [48, 70],
                [40, 80],
                [20, 70],
            ]
        )
        cv2.fillPoly(picture, [shirt + number % 4], colour, cv2.LINE_AA)
        save(folder / f"{number}.jpg", picture)
        rows.append(f"{number}.jpg,shirt")
    (folder / "list.csv").write_text("\n".join(rows))
    return folder / "list.csv"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


def test_a_photo_draws_by_the_bytes_of_its_name() -> None:
    for name in (b"shirt.jpg", b"caf\xe9.jpg"):
        assert photo_seed(os.fsdecode(name), 0) == zlib.crc32(name)


def test_a_study_is_resumed_and_says_the_same(shop: Path, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "study"
    first = run("study", study, "--data", shop, "--split", "all", "-o", out, "--json")
    assert first.code == 0, first.err
    assert {row["name"] for row in first.lines} == {
        "", "grey", "background-white", "jpeg 30", "hidden chest", "hidden chest (control)",
    }  # fmt: skip
    assert first.lines[0]["name"] == ""
    assert all(row["photos"] == 12 and 0 <= row["flips"] <= 1 and row["p"] is not None for row in first.lines[1:])
    report = (out / "report.html").read_text()
    assert "background-white" in report
    assert report.count(', control"') == 4, "the photos that hiding the chest hurt most, beside their controls"
    assert "in truth shirt" in report
    assert "answered rightly</title>" not in report, "one dose is no curve"
    log = out / "answers.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:6]) + lines[6][:20])  # killed while it wrote the sixth photo
    again = run("study", study, "--data", shop, "--split", "all", "-o", out, "--json")
    assert again.out == first.out
    assert log.read_bytes() == b"".join(lines)
    log.write_bytes(lines[0] + b'{"photo": 5}\n')
    damaged = run("study", study, "--data", shop, "--split", "all", "-o", out)
    assert (damaged.code, "answers.jsonl, line 2 is damaged" in damaged.err) == (2, True), damaged.err


def test_the_folder_of_another_study_is_left_alone(shop: Path, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "study"
    out.mkdir()
    (out / "answers.jsonl").write_text('{"study": "another"}\n')
    done = run("study", study, "--data", shop, "--split", "all", "-o", out)
    assert done.code == 2
    assert "another folder" in done.err
    assert (out / "answers.jsonl").read_text() == '{"study": "another"}\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('interventions = ["gray"]', "grey"),
        ("", "changes nothing"),
        ('interventions = ["grey", "grey"]', "twice"),
        ('interventions = ["grey"]\nhead = "sleeves"', "sleeves"),
        ('interventions = ["grey"]\nphotos = 4', "at least 10"),
        ("interventions = grey", "not a study"),
        ('intervention = ["grey"]', "intervention"),
    ],
)
def test_what_is_wrong_with_a_study_is_said(text: str, words: str, shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(text)
    done = run("study", path, "--data", shop, "--split", "all", "-o", tmp_path / "out")
    assert done.code == 2
    assert words in done.err


def test_few_products_are_no_study_however_many_photos(shop: Path, study: Path, tmp_path: Path) -> None:
    """Said before the first of them is asked about."""
    table, out = shop.with_name("few.csv"), tmp_path / "out"
    table.write_text("path,label,product\n" + "\n".join(f"{number}.jpg,shirt,p{number % 3}" for number in range(12)))
    done = run("study", study, "--data", table, "--split", "all", "-o", out)
    assert done.code == 2
    assert "3 products are too few: an interval needs at least 10" in done.err
    assert not (out / "answers.jsonl").exists()


@pytest.mark.train
def test_methods_are_measured_beside_those_that_know_nothing(shop: Path, tmp_path: Path) -> None:
    out, mine = tmp_path / "trust", write_classifier(tmp_path / "mine.onnx")
    done = run(
        "evaluate", "explanation", "--data", shop, "--split", "all", "--limit", "10", "--method", "occlusion",
        "--method", "centre", "--model", mine, "--head", "label", "--keep", "-o", out, "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    occlusion, centre = done.lines
    assert occlusion["method"] == "occlusion"
    assert centre["likeness"]["value"] == 1, "a map that looks at no network cannot change with it"
    assert centre["sane"] is False
    assert {"deletion", "insertion", "energy", "pointing", "sensitivity"} == set(occlusion["scores"])
    assert centre["scores"]["sensitivity"]["value"] == 0, "it does not look at the photo either"
    assert json.loads((out / "summary.json").read_text())[0]["method"] == "occlusion"
    kept = card_of(mine).sanity
    assert {name: check.passed for name, check in kept.items()} == {
        "label/occlusion": occlusion["sane"],
        "label/centre": False,
    }
    photo = shop.with_name("0.jpg")
    said = run(
        "explain", photo, "--model", mine, "--head", "label", "--method", "centre", "--quick", "-o", tmp_path / "why"
    )
    assert "centre fails the sanity check" in said.out


@pytest.mark.train
def test_maps_that_were_measured_are_not_made_again(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "trust"
    photos = [f"{place}.jpg" for place in (0, 1, 2, 3, 4, 6, 7, 8, 9, 10)]
    words = (
        "evaluate",
        "explanation",
        "--data",
        shop,
        "--split",
        "all",
        "--limit",
        "10",
        "--model",
        write_classifier(tmp_path / "colours.onnx"),
        "-o",
        out,
        "--json",
        "--method",
    )
    first = run(*words, "centre", "--head", "label")
    assert first.code == 0, first.err
    log = out / "maps.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    assert [json.loads(line)["photo"] for line in lines[1:]] == photos
    log.write_bytes(b"".join(lines[:2]) + lines[2][:20])  # killed while it wrote the second map
    again = run(*words, "centre", "--method", "random", "--head", "label")
    assert again.code == 0, again.err
    centre, random = again.lines
    assert {**centre, "seconds": 0} == {**first.lines[0], "seconds": 0}
    assert (random["method"], random["photos"]) == ("random", 10)
    kept = log.read_bytes().splitlines(keepends=True)
    assert kept[:2] == lines[:2]
    rows = [(row["photo"], row["method"]) for row in map(json.loads, kept[1:])]
    assert sorted(rows) == sorted((photo, method) for photo in photos for method in ("centre", "random"))
    other = run(*words, "centre", "--head", "frame")
    assert (other.code, "another folder with -o" in other.err) == (2, True), other.err
    assert log.read_bytes() == b"".join(kept)


@pytest.mark.train
def test_a_photo_that_does_not_open_is_named_and_left_out(shop: Path, tmp_path: Path) -> None:
    table = shop.with_name("broken.csv")
    table.write_text("\n".join(["path,label", "broken.jpg,shirt", *(f"{place}.jpg,shirt" for place in range(10))]))
    shop.with_name("broken.jpg").write_bytes(b"no picture")
    colours = ("--model", write_classifier(tmp_path / "colours.onnx"), "--head", "label")
    done = run("evaluate", "explanation", "--data", table, "--split", "all", "--method", "centre", "--json", *colours)
    assert done.code == 3
    assert "broken.jpg" in done.err
    assert "add -o FOLDER" in done.err
    assert [row["photos"] for row in done.lines] == [10]


def test_a_method_that_the_answer_cannot_have_is_refused_before_the_first_photo(shop: Path, tmp_path: Path) -> None:
    words = ("evaluate", "explanation", "--data", shop, "--split", "all", "--head", "frame", "--method", "occlusion")
    done = run(*words, "--method", "cam", "-o", tmp_path / "trust")
    assert (done.code, done.err.count("no class-activation map of frame")) == (2, 1), done.err
    assert not (tmp_path / "trust" / "maps.jsonl").exists()


def test_a_frame_lies_on_no_product(shop: Path, tmp_path: Path) -> None:
    words = ("evaluate", "explanation", "--data", shop, "--split", "all", "--head", "frame", "--method", "centre")
    out = tmp_path / "trust"
    told = run(*words, "--limit", "10", "-o", out)
    assert (told.code, "nan" in told.out.lower()) == (0, False), told.err
    (line,) = told.out.splitlines()[1:]
    assert line.split()[0:2] == ["centre", "10"]
    assert line.count(" - ") == 2  # energy and pointing
    (row,) = json.loads((out / "summary.json").read_text(), parse_constant=pytest.fail)
    assert row["scores"]["energy"] == {"value": None, "interval": [None, None]}


def test_too_few_photos_for_an_interval_are_refused(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "trust"
    words = ("evaluate", "explanation", "--data", shop, "--split", "all", "--method", "centre", "--keep", "-o", out)
    done = run(*words, "--limit", "9")
    assert (done.code, "9 photos are too few" in done.err) == (2, True), done.err
    assert not (out / "maps.jsonl").exists()
