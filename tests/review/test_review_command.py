"""`packshot review` as typed, on a drawn output folder."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from packshot_tests import command
from PIL import Image

from packshot.datasets import MaskKind, open_items, read_manifest
from packshot.decisions import DecisionFolder
from packshot.review.summary import MASK_DOUBTS, NOTHING_FOUND, ReviewStats
from packshot.storage.lock import folder_lock
from packshot.values import Doubt, ReviewReason

ROOT = Path(__file__).parents[2]
A, B, C = "photos/a.png", "photos/b.png", "photos/c/a.png"


@pytest.fixture
def typed(shop, monkeypatch):
    """A function: type a command in the folder of photos/ and out/; exit code, stdout, stderr."""
    monkeypatch.chdir(shop.root)

    def run(*args: object) -> tuple[int, str, str]:
        return command.run("review", *args)

    return run


def rows(out: str) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


def test_help_shows_what_to_type(typed) -> None:
    code, out, _ = typed("--help")
    assert code == 0
    assert "packshot review approve out/ shirt.jpg" in out
    for name in (
        "list",
        "show",
        "approve",
        "category",
        "mask",
        "subject",
        "frame",
        "reject",
        "undo",
        "export",
        "log",
        "stats",
    ):
        code, out, _ = typed(name, "--help")
        assert (code, f"packshot review {name} out/" in out) == (0, True)


def test_list_shows_the_most_valuable_first(typed, shop) -> None:
    code, out, err = typed("list", "out")
    assert code == 0
    assert [line.split() for line in out.splitlines()] == [
        ["value", "state", "why", "source"],
        ["3.75", "new", "doubt", "about", "the", "mask", "0.75", B],
        ["0.20", "new", C],
        ["0.00", "new", A],
    ]
    assert err == "to look at: 1, ready that nobody decided on: 2\n"
    assert (
        "1 to look at, 0 came back after a later run, 2 ready that nobody decided on, 0 are decided"
        in typed("stats", "out")[1]
    )
    (shop.root / "prices.csv").write_text("source,value\nc/a.png,100\nold.png,3\n")
    code, out, err = typed("list", "out", "--values", "prices.csv", "--top", "1", "--json")
    (row,) = rows(out)
    assert (row["source"], row["value"], row["price"], row["doubts"]["category"]) == (C, 20, 100, 0.2)
    assert "1 line of prices.csv names no photo of this run, or several: old.png" in err
    assert "; 2 more are not shown: --top 3" in err


def test_what_is_doubtful_about_a_mask_is_said_however_sure_the_network_is(typed, shop) -> None:
    shop.change(B, uncertainty=0.01, doubts=["held", "area"])
    code, out, _ = typed("list", "out", "--top", "1")
    assert code == 0
    assert "held by a hand or a person [held]; a part missing or foreign [area]" in out
    assert "(held by a hand or a person [held]; a part missing or foreign [area])" in typed("show", "out", B)[1]


def test_every_doubt_has_words() -> None:
    assert set(MASK_DOUBTS) == {str(doubt) for doubt in Doubt}


def test_every_reason_that_why_takes_is_in_its_help_and_in_the_docs(typed) -> None:
    said = " ".join(typed("list", "--help")[1].split())
    page = (ROOT / "docs/how-to/review.md").read_text("utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith("| `--why REASON` |")]
    for code in (*map(str, ReviewReason), NOTHING_FOUND):
        assert re.search(rf"\b{code}\b", said.partition("--why")[2]), code
        assert f"`{code}`" in row, code
    for code, words in MASK_DOUBTS.items():
        assert f"| `{code}` | {words} |" in page


def test_a_photo_is_found_by_each_code_that_list_shows(typed, shop) -> None:
    shop.change(B, status="review", review=["damage", "mask", "overlay"], doubts=["outline"], damage="half is grey")
    out = typed("list", "out", "--top", "1")[1]
    codes = re.findall(r"\[([\w-]+)\]", out)
    assert codes == ["damage", "overlay", "outline"]
    for code in codes:
        assert B in typed("list", "out", "--why", code)[1]


def test_a_day_of_review(typed, shop) -> None:
    assert typed("approve", "out", "b.png", "c/a.png", "--by", "anna")[0] == 0
    code, out, _ = typed("category", "out", A, "--to", "shoes", "--by", "ben", "--json")
    (row,) = rows(out)
    assert code == 0
    assert (row["source"], row["decision"]["by"], row["error"]) == (A, "ben", None)
    assert row["decision"]["category"][-1] == ["shoes", "Shoes"]
    assert typed("reject", "out", "b.png", "--reason", "blurred", "--by", "ben")[0] == 0
    code, out, _ = typed("show", "out", "b.png")
    assert "b.png: decided, value 3.75, greater is more urgent (doubt about the mask 0.75)" in out
    assert "1: approved, by anna, 20" in out
    assert "4: rejected: blurred, by ben, 20" in out
    assert typed("list", "out")[1] == ""
    code, out, _ = typed("stats", "out", "--json")
    (row,) = rows(out)
    assert (row["photos"], row["new"], row["stale"], row["decided"]) == (3, 0, 0, 3)
    assert row["decisions"] == {"approve": 2, "category": 1, "reject": 1}
    assert (row["by"], row["reasons"]) == ({"anna": 2, "ben": 2}, {"blurred": 1})
    code, out, _ = typed("undo", "out", "--by", "anna")
    assert (code, out.startswith(f"{B}: taken back: rejected: blurred, by ben")) == (0, True)
    assert "(taken back)" in typed("show", "out", "b.png")[1]
    assert "taken back: 1" in typed("stats", "out")[1]
    code, out, _ = typed("log", "out", "-o", "decisions.csv")
    assert [line.split()[0] for line in out.splitlines()] == ["1", "2", "3", "4", "5"]
    assert f"ben  {B}: rejected: blurred (taken back by number 5)" in out
    assert out.splitlines()[4].endswith(f"anna  {B}: took back: rejected: blurred")
    assert len(Path("decisions.csv").read_text().splitlines()) == 6
    assert [row["takes_back"] for row in rows(typed("log", "out", "--json")[1])] == [None, None, None, None, 4]


def test_what_is_exported_is_read_back(typed, shop) -> None:
    shop.add("photos/framed.png", tint=4, box=(10, 5, 70, 55))
    typed("approve", "out", "b.png", "framed.png", "c/a.png")
    typed("category", "out", A, "--to", "Shorts")
    typed("reject", "out", "c/a.png", "--reason", "blurred")
    code, out, _ = typed("export", "out", "-o", "corrections", "--json")
    (row,) = rows(out)
    assert code == 0
    assert (row["masks"], row["categories"], row["frames"], row["rejected"], row["missing"]) == (2, 1, 2, 1, 0)
    masks = read_manifest(Path("corrections/masks.csv"))
    assert [(item.photo.name, item.kind) for item in masks] == [
        ("b.png", MaskKind.ALPHA),
        ("framed.png", MaskKind.ALPHA),
    ]
    for item in masks:
        expected = np.zeros((60, 80), np.float32)
        expected[20:40, 30:50] = 1
        np.testing.assert_array_equal(item.alpha(), expected)
        assert item.mask.is_relative_to("corrections/masks")
    (category,) = open_items(Path("corrections/categories.csv"), task="classification")
    assert (category.photo.name, category.label, category.mask) == ("a.png", "shorts", None)
    frames = {item.photo.name: item for item in open_items(Path("corrections/frames.csv"), task="frame")}
    assert frames["framed.png"].box.as_tuple() == (10, 5, 70, 55)
    assert (frames["b.png"].label, frames["b.png"].box) == ("unframed", None)


def test_an_export_is_repeated_and_anything_else_left_alone(typed, shop) -> None:
    typed("frame", "out", "b.png", "--box", 2, 2, 70, 50)
    assert typed("export", "out", "-o", "corrections")[0] == 0
    typed("undo", "out")
    typed("approve", "out", "c/a.png")
    assert typed("export", "out", "-o", "corrections")[0] == 0
    assert [item.label for item in read_manifest(Path("corrections/frames.csv"))] == ["unframed"]
    typed("undo", "out")
    typed("category", "out", "c/a.png", "--to", "shorts")
    assert typed("export", "out", "-o", "corrections")[0] == 0
    assert sorted(path.name for path in Path("corrections").glob("*.csv")) == ["categories.csv"]
    for other in ("photos", "out/manifest.jsonl"):
        before = sorted(Path("photos").rglob("*"))
        code, _, err = typed("export", "out", "-o", other)
        assert (code, "with -o" in err or "name a new folder" in err) == (2, True)
        assert sorted(Path("photos").rglob("*")) == before


def test_a_photo_that_is_gone_is_named_and_the_rest_exported(typed, shop) -> None:
    typed("approve", "out", "b.png", "c/a.png")
    (shop.root / B).unlink()
    code, _, err = typed("export", "out", "-o", "corrections")
    assert code == 3
    assert f"{B} is not there any more" in err
    assert len(read_manifest(Path("corrections/masks.csv"))) == 1


def strokes(path: Path, *, box: list[int] | None = None) -> Path:
    drawn = [{"kind": "keep", "polygon": [[30, 10], [49, 10], [49, 20], [30, 20]], "reach": 0}]
    path.write_text(json.dumps({"version": 1, "photo": {"width": 80, "height": 60}, "box": box, "strokes": drawn}))
    return path


def test_strokes_correct_a_mask_also_inside_a_frame(typed, shop) -> None:
    shop.add("photos/framed.png", tint=4, box=(10, 5, 70, 55))
    strokes(shop.root / "framed.json")
    command = ("mask", "out", "framed.png", "--strokes", "framed.json", "--overlay", "look.png")
    code, out, _ = typed(*command)
    assert (code, "framed.png: mask corrected, by " in out) == (0, True)
    with Image.open("look.png") as look:
        assert look.size[0] > 80
    assert typed("export", "out", "-o", "corrections")[0] == 0
    (item,) = read_manifest(Path("corrections/masks.csv"))
    alpha = item.alpha()
    assert alpha[10:21, 30:50].min() == 1, "paint is obeyed"
    assert alpha[21:40, 30:50].min() > 0.5, "the rest is the run's"
    assert alpha[:6].max() == 0, "far from paint and product"
    assert typed("show", "out", "framed.png", "--overlay", "before.png", "--json")[0] == 0
    assert Path("before.png").is_file()


def test_strokes_of_another_photo_decide_nothing(typed, shop) -> None:
    path = strokes(shop.root / "s.json")
    path.write_text(path.read_text().replace("80", "81"))
    code, _, err = typed("mask", "out", "b.png", "--strokes", "s.json")
    assert (code, "strokes for 81 x 60 pixels" in err) == (2, True)
    code, _, err = typed("mask", "out", "b.png", "--strokes", "none.json")
    assert (code, "none.json: cannot be read" in err) == (2, True)
    assert not Path("out/review").exists()


def test_a_wrong_name_stops_before_anything_is_decided(typed, shop) -> None:
    code, _, err = typed("approve", "out", "b.png", "nobody.png")
    assert (code, "nobody.png: no such photo in out/manifest.jsonl: see `packshot review list OUT --all`" in err) == (
        2,
        True,
    )
    assert not Path("out/review").exists()
    (shop.out / shop.records[B]["mask"]).unlink()
    code, out, err = typed("approve", "out", "b.png", "c/a.png", "--json")
    assert code == 3, "one of two could not be approved"
    assert {row["source"]: row["error"] is None for row in rows(out)} == {B: False, C: True}


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("list", "out", "--why", "ugly"), "no such reason: ugly: expected one of alike, area, category"),
        (("list", "out", "--uncertainty", "1"), "expected two numbers in 0..1"),
        (("list", "out", "hats/*"), "hats/*: no photo is named like this"),
        (("list", "out", "--in", "cars"), "of the category 'cars': there are Apparel, Shoes, or none"),
        (("list", "out", "--in", "shoess"), "of the category 'shoess': there are Shoes and others, or none"),
        (("approve", "out", "--left", "--sample", "2", "--yes"), "--sample only shows photos"),
        (("approve", "out"), "no photo was named"),
        (("approve", "out", "--left", "--decided"), "give one of them"),
        (("approve", "out", "--why", "held"), "nothing to approve: no photo is like this"),
        (("mask", "out", "b.png"), "expected either --strokes or --file"),
        (("mask", "out", "--strokes", "s.json"), "no photo was named"),
        (("mask", "out", "--file", "photos"), "photos: no mask of any photo"),
        (("mask", "out", "b.png", "--file", "no.png"), "no.png"),
        (("subject", "out", "b.png", "--to", "hand"), "'hand' is not one of"),
        (("undo", "out", "*.png"), "nothing was decided"),
        (("list", "nowhere"), "nowhere: no such folder: name the folder `packshot run"),
        (("list", "photos"), "photos holds no manifest.jsonl: name the folder `packshot run"),
        (("list", "out", "--values", "no.csv"), "no.csv: no such file"),
        (("category", "out", "b.png", "--to", "Shooes"), "did you mean 'Shoes'"),
        (("category", "out", "b.png", "--to", "Shooes"), "If not, `packshot taxonomy show` lists the tree that ships"),
        (("category", "out", "b.png", "--to", "Okapi"), "in the category tree 'packshot', version 1"),
        (("category", "out", "b.png", "--to", "Okapi"), "`packshot taxonomy show` lists the tree that ships"),
        (("category", "out", "b.png", "--to", "shorts", "--taxonomy", "no.toml"), "no.toml"),
        (("approve", "out", "a.png"), "2 photos of out/manifest.jsonl end like this"),
        (("approve", "out", "b.png", "--seen", "000000000000"), "look at it again"),
        (("approve", "out", "b.png", "c/a.png", "--seen", "0"), "--seen stands for one result"),
        (("approve", "out", "b.png", "--by", " "), "a decision needs a name"),
        (("reject", "out", "b.png", "--reason", " "), "a rejection needs a reason"),
        (("reject", "out", "b.png"), "Missing option '--reason'"),
        (("frame", "out", "b.png"), "expected either --none or --box"),
        (("frame", "out", "b.png", "--box", "9", "9", "3", "3"), "--box: Box: expected"),
        (("undo", "out"), "nothing was decided"),
        (("export", "out", "-o", "new"), "nothing to export"),
    ],
)
def test_wrong_usage_is_told_with_the_way_out(typed, args: tuple[str, ...], reason: str) -> None:
    code, out, err = typed(*args)
    assert (code, out) == (2, "")
    assert reason in err
    assert not Path("out/review/journal.jsonl").exists()


def test_a_damaged_journal_is_named_with_its_line(typed) -> None:
    typed("approve", "out", "b.png")
    with Path("out/review/journal.jsonl").open("a") as file:
        file.write("{]\n")
    code, _, err = typed("list", "out")
    assert (code, "journal.jsonl, line 3 is damaged" in err, "restore the file from a backup" in err) == (2, True, True)


def test_decisions_wait_for_other_persons_and_not_for_a_run(typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packshot.review.review._WAIT_S", 0.1)
    with folder_lock(Path("out")).hold():
        assert typed("approve", "out", "b.png")[0] == 0
    with DecisionFolder(Path("out")).lock(wait_s=0):
        code, _, err = typed("approve", "out", "b.png")
    assert (code, "another person is deciding in out: wait a moment" in err) == (1, True)


def test_who_decides_is_the_login_name_unless_said(typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "carla")
    assert ", by carla, " in typed("approve", "out", "b.png")[1]

    def nobody() -> str:
        raise OSError("no user")

    monkeypatch.setattr("getpass.getuser", nobody)
    code, _, err = typed("approve", "out", "b.png")
    assert (code, "say who decides with --by NAME" in err) == (2, True)


def test_sources_are_found_from_where_the_run_was_typed(typed, shop, monkeypatch: pytest.MonkeyPatch) -> None:
    typed("approve", "out", "b.png")
    monkeypatch.chdir(shop.root / "photos")
    assert typed("export", "../out", "-o", "../one")[0] == 2
    assert typed("export", "../out", "-o", "../one", "--root", "..")[0] == 0
    assert read_manifest(Path("../one/masks.csv"))[0].photo.is_file()


def test_of_many_photos_that_end_alike_some_are_named_and_the_others_told_by_an_ellipsis(typed, shop) -> None:
    for number in range(3):
        shop.add(f"photos/{number}/front.png", tint=5 + number)
    assert ", photos/2/front.png: give more" in typed("show", "out", "front.png")[2]
    shop.add("photos/3/front.png", tint=9)
    err = typed("show", "out", "front.png")[2]
    assert "4 photos of out/manifest.jsonl end like this, photos/0/front.png" in err
    assert ", photos/2/front.png, ...: give more" in err


@pytest.mark.parametrize(
    ("typed_name", "meant"),
    [
        ("c/A.PNG", "photos/a.png or photos/c/a.png"),
        ("b", "photos/b.png"),
        ("b.jpg", "photos/b.png"),
        ("summer-dress.png", "photos/summer_dress.png"),
        ("nobody.png", None),
    ],
)
def test_a_name_that_is_nearly_a_photos_is_told_whose(typed, shop, typed_name: str, meant: str | None) -> None:
    shop.add("photos/summer_dress.png", tint=9)
    code, out, err = typed("approve", "out", typed_name)
    way_out = f"did you mean {meant}? If not, see" if meant else "manifest.jsonl: see"
    assert (code, out, way_out in err) == (2, "", True), err


def test_large_numbers_have_commas() -> None:
    stats = ReviewStats(
        photos=3_322,
        reviewable=3_256,
        states={"new": 3_200, "stale": 1_050, "decided": 2_006},
        decisions={"approve": 2_006},
        undone=1_000,
        by={"anna": 2_006},
        reasons={"blurred": 1_001},
    )
    assert stats.words(ready=1_484).splitlines() == [
        "3,322 photos, 66 of them without anything to decide on",
        "1,716 to look at, 1,050 came back after a later run, 1,484 ready that nobody decided on, 2,006 are decided",
        "decisions: approve 2,006",
        "by: anna 2,006",
        "rejected: blurred 1,001",
        "taken back: 1,000",
    ]
