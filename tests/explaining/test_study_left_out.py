"""Changes that not every photo can have: a region that a person drew in it, and the frame around it taken away."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import Done, run
from packshot_tests.networks import write_classifier, write_red_network
from packshot_tests.photos import save

COUNT = 12


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Twelve photos of a red square; all but the first have a wide blue frame around them."""
    rows = ["path,label"]
    for place in range(COUNT):
        picture = np.full((120, 160, 3), 200, np.uint8)
        picture[30:90, 40:100] = (220 - place, 20, 20)
        if place:
            picture[:12] = picture[-12:] = picture[:, :12] = picture[:, -12:] = (0, 0, 250)
        save(tmp_path / f"{place}.png", picture)
        rows.append(f"{place}.png,red")
    (tmp_path / "list.csv").write_text("\n".join(rows))
    return tmp_path / "list.csv"


@pytest.fixture
def ask(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a study of these photos with a network that says whether there is more red in a photo or more blue."""
    monkeypatch.setenv("PACKSHOT_MODEL", str(write_red_network(tmp_path / "mask.onnx")))
    monkeypatch.setenv("PACKSHOT_FRAME_MODEL", "classical")
    model, study = write_classifier(tmp_path / "colours.onnx"), tmp_path / "study.toml"

    def asked(text: str, *words: object) -> Done:
        study.write_text(f'head = "label"\n{text}')
        out = words or ("-o", tmp_path / "study")
        return run("study", study, "--data", data, "--split", "all", "--model", model, "--json", *out)

    return asked


DRAWN = '[[hidden]]\nname = "logo"\nregions = "logos.csv"\n'


def drawn(data: Path, rows: list[str], columns: str = "path,left,top,right,bottom") -> None:
    data.with_name("logos.csv").write_text("\n".join([columns, *rows]))


def test_a_frame_is_taken_away_where_there_is_one(ask, tmp_path: Path) -> None:
    """A framed photo is more blue than red, and red again without its frame; the photo without one is not asked."""
    done = ask('interventions = ["unframed", "grey"]')
    assert done.code == 0, done.err
    rows = {row["name"]: row for row in done.lines}
    assert rows[""]["accuracy"] == pytest.approx(1 / COUNT)
    assert (rows["unframed"]["photos"], rows["grey"]["photos"]) == (COUNT - 1, COUNT)
    assert (rows["unframed"]["accuracy"], rows["unframed"]["flips"]) == (1, 1)
    said = "11 of 12 photos bear a frame that is sure enough to be cut off; the others are left out."
    assert said in done.err
    report = (tmp_path / "study" / "report.html").read_text()
    assert report.count(said) == 1
    answers = [json.loads(line) for line in (tmp_path / "study" / "answers.jsonl").read_text().splitlines()[1:]]
    assert {answer["photo"]: "unframed" in answer["changed"] for answer in answers}["0.png"] is False


def test_a_region_is_hidden_where_a_person_drew_it(ask, data: Path, tmp_path: Path) -> None:
    drawn(data, [f"{place}.png,45,35,60,50" for place in range(COUNT - 1)])
    done = ask(DRAWN)
    assert done.code == 0, done.err
    rows = {row["name"]: row for row in done.lines}
    assert rows["hidden logo"]["photos"] == rows["hidden logo (control)"]["photos"] == COUNT - 1
    assert "hidden logo: 11 of 12 photos have a region logo in the table; the others are left out." in done.err
    asked = (tmp_path / "study" / "answers.jsonl").read_text().splitlines()
    drawn(data, [f"{place}.png,45,35,60,{50 + (place == 3)}" for place in range(COUNT)])
    again = ask(DRAWN)
    assert again.code == 0, again.err
    more = (tmp_path / "study" / "answers.jsonl").read_text().splitlines()[len(asked) :]
    again_asked = {json.loads(line)["photo"] for line in more}
    assert again_asked == {"3.png", "11.png"}, "the one that was drawn anew, and the one that had none"


def test_a_table_of_packshot_label_is_taken_as_it_is(ask, data: Path) -> None:
    drawn(data, [f"{place}.png,{'framed' if place else 'unframed'},{'45 35 60 50' if place else ''}"
                 for place in range(COUNT)], "path,label,inner_box")  # fmt: skip
    done = ask(DRAWN)
    assert done.code == 0, done.err
    assert {row["name"]: row["photos"] for row in done.lines}["hidden logo"] == COUNT - 1


def test_few_products_with_a_region_have_no_row_and_that_is_said(ask, data: Path, tmp_path: Path) -> None:
    drawn(data, [f"{place}.png,45,35,60,50" for place in range(3)])
    done = ask(DRAWN)
    assert done.code == 0, done.err
    assert [row["name"] for row in done.lines] == [""]
    said = "3 of 12 photos have a region logo in the table; the others are left out. They show 3 products"
    assert said in done.err
    assert said in (tmp_path / "study" / "report.html").read_text()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1.png,45,35,160,121", "reaches out of the photo, 160 x 120 pixels"),
        ("list.csv,45,35,60,50", "line 2: list.csv is no photo of the study's data"),
        ("1.png,60,35,45,50", "line 2: 60 35 45 50 is no region"),
        ("1.png,4.5,35,45,50", "line 2: 4.5 35 45 50 is no region"),
        ("1.png,45,35,60", "line 2: 45 35 60 is no region"),
        (",45,35,60,50", "line 2: `path` is empty"),
        ("1.png,45,35,60,50\n1.png,45,35,60,50", "line 3: 1.png stands there twice"),
        ("1.png,,,,", "no photo has a region"),
    ],
)
def test_what_is_wrong_with_a_table_of_regions_is_said_before_the_first_photo(
    row: str, words: str, ask, data: Path, tmp_path: Path
) -> None:
    drawn(data, [row])
    done = ask(DRAWN)
    assert (done.code, words in done.err) == (2, True), done.err
    log = tmp_path / "study" / "answers.jsonl"
    assert not log.exists() or len(log.read_text().splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[hidden]]\nname = "logo"\n', "either a box, or a table"),
        (f"{DRAWN}box = [0.1, 0.1, 0.2, 0.2]\n", "either a box, or a table"),
        (DRAWN, "logos.csv"),
    ],
)
def test_a_region_is_either_a_share_of_the_product_or_drawn(text: str, words: str, ask) -> None:
    done = ask(text)
    assert (done.code, words in done.err) == (2, True), done.err


def test_columns_that_say_no_region_are_named(ask, data: Path) -> None:
    drawn(data, ["1.png,45"], "path,left")
    done = ask(DRAWN)
    assert (done.code, "path,left,top,right,bottom, or path,inner_box" in done.err) == (2, True), done.err


def test_a_region_is_given_in_pixels_of_the_photo_and_hidden_at_the_studys_size(tmp_path: Path) -> None:
    from packshot.datasets import Described, Split
    from packshot.explaining.study import StudyPhoto, StudyPlan, Subjects
    from packshot.settings import Settings
    from packshot.values import Box

    large = save(tmp_path / "large.png", np.full((960, 1280, 3), 200, np.uint8))
    item = Described("shop", Split.TRAIN, large)
    photo = StudyPhoto("large.png", item, item, {"logo": Box(100, 201, 300, 400)})
    subject = Subjects(StudyPlan(), Settings(model=str(write_red_network(tmp_path / "mask.onnx"))))(photo)
    assert subject.rgb.shape == (480, 640, 3)
    assert subject.regions["logo"] == Box(50, 100, 150, 200)
