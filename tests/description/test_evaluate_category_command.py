"""``packshot evaluate category`` as typed: the network's answers are known, so every figure is worked out by hand."""

import json
from math import exp

import numpy as np
import pytest
from packshot_tests.command import run_alone
from PIL import Image
from playwright.sync_api import Browser

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
SURE = 1 / (1 + exp(-4))  # of apparel, and of shoes or hats below it, where one cell is coloured
LEAF = SURE**2


@pytest.fixture
def shop(tmp_path, cells):
    """Four shoes and two hats.

    Of the shoes one is seen as such, one is taken for a hat, one may be either (the first of both is shoes), and on one
    there is nothing to see; of the hats one is seen, and on one there is nothing to see (shoes, again).
    """
    drawn = {
        "Shoes/a": {(1, 1): RED},
        "Shoes/b": {(1, 1): GREEN},
        "Shoes/c": {(0, 0): RED, (2, 3): GREEN},
        "Shoes/d": {},
        "hats/e": {(1, 2): GREEN},
        "hats/f": {},
    }
    for name, colours in drawn.items():
        path = tmp_path / "shop" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(cells(colours, size=(64, 48))).save(path)
    return tmp_path / "shop"


def test_figures_are_those_worked_out_by_hand(shop, network, packshot):
    code, lines, err = packshot(
        "evaluate", "category", "--data", shop, "--split", "all", "--model", network(), "--json"
    )
    assert code == 0, err
    (row,) = map(json.loads, lines)
    assert (row["set"], row["photos"], row["leaves"], row["error"]) == ("shop", 6, 6, None)
    assert row["accuracy"]["value"] == pytest.approx(4 / 6)
    assert row["accuracy"]["low"] < 4 / 6 < row["accuracy"]["high"]
    assert (row["majority"], row["majority_label"]) == (pytest.approx(4 / 6), "shoes")
    assert [level["accuracy"]["value"] for level in row["levels"]] == [1.0, pytest.approx(4 / 6)]
    # Always to the leaf: of 12 nodes 10 are right, and the two wrong leaves are two edges away.
    assert [row[name]["value"] for name in ("precision", "recall", "f")] == [pytest.approx(10 / 12)] * 3
    assert row["severity"]["value"] == 2
    # As served: shoes, hats, apparel, nothing; hats, nothing. Seven nodes were said, six of them are right.
    served = row["served"]
    assert served["answered"]["value"] == pytest.approx(4 / 6)
    assert served["right"]["value"] == pytest.approx(3 / 4)
    assert served["whole"] == pytest.approx(3 / 6)
    assert served["precision"]["value"] == pytest.approx(6 / 7)
    assert served["recall"]["value"] == pytest.approx(6 / 12)
    assert served["f"]["value"] == pytest.approx(12 / 19)
    assert served["severity"]["value"] == pytest.approx((2 + 1 + 2 + 2) / 4)
    # Three bins: two of three right at LEAF, one of one at a half, one of two where nothing was seen.
    gaps = abs(3 * LEAF - 2) + abs(1 - 0.5) + abs((1 - SURE) - 1)
    assert row["calibration_error"] == pytest.approx(gaps / 6, abs=1e-4)
    assert (row["coverage"]["coverage"], row["coverage"]["threshold"]) == (0, None)


def test_a_lower_precision_is_answered_more_often(shop, network, packshot):
    how = ("--data", shop, "--split", "all", "--model", network(), "--json")
    _, lines, _ = packshot("evaluate", "category", *how, "--precision", "0.4")
    row = json.loads(lines[0])
    # At 0.4 the shoe that may be a hat is answered to the leaf; kept from 0.5 on, 3 of 4 leaves are right.
    assert row["served"]["whole"] == pytest.approx(4 / 6)
    assert row["coverage"]["coverage"] == 1  # 4 of 6 are right
    _, lines, _ = packshot("evaluate", "category", *how, "--precision", "0.7")
    row = json.loads(lines[0])["coverage"]
    assert (row["coverage"], row["precision"]) == (pytest.approx(4 / 6), 3 / 4)
    assert row["threshold"] == pytest.approx(0.5, abs=1e-4)


def test_the_table_needs_no_training_extra(shop, network):
    words = ["evaluate", "category", "--data", shop, "--split", "all", "--model", network()]
    done = run_alone(*words, blocked=("torch", "torchvision", "timm", "lightning"))
    assert done.code == 0, done.err
    header, row = done.out.splitlines()
    assert header.split()[:3] == ["set", "photos", "accuracy"]
    assert row.split()[:3] == ["shop", "6", "0.667"]
    assert row.split()[-2:] == ["2.00", f"{(abs(3 * LEAF - 2) + 0.5 + SURE) / 6:.3f}"]


def test_files_hold_every_photo_the_classes_and_a_report(shop, network, packshot, tmp_path):
    out = tmp_path / "quality"
    code, lines, err = packshot(
        "evaluate", "category", "--data", shop, "--split", "all", "--model", network(), "-o", out, "--json"
    )
    assert code == 0, err
    assert len(lines) == 1, "stdout is for JSON alone"
    files = ["contradicted.csv", "report.html", "scores.jsonl", "summary.json"]
    assert sorted(path.name for path in out.iterdir()) == files
    a, b, c, d, *_ = map(json.loads, (out / "scores.jsonl").read_text().splitlines())
    assert (a["name"], a["true"], a["said"], a["right"]) == ("Shoes/a.png", ["apparel", "shoes"], a["true"], True)
    assert (a["score"], a["top"]["shoes"]) == (pytest.approx(LEAF, abs=1e-5), pytest.approx(LEAF, abs=1e-5))
    assert (b["said"], b["right"], b["distance"]) == (["apparel", "hats"], False, 2)
    assert (c["said"], c["likeliest"]) == (["apparel"], ["apparel", "shoes"])
    assert (d["said"], d["score"], list(d["top"])) == ([], 0, ["shoes", "hats"])
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["task"], summary["split"], summary["precision"]) == ("category", "all", "0.95")
    assert summary["model"].startswith("tiny@")
    assert {row["label"]: (row["support"], row["recall"]) for row in summary["classes"]} == {
        "shoes": (4, 3 / 4),
        "hats": (2, 1 / 2),
    }
    assert {(row["true"], row["pred"], row["count"]) for row in summary["confusions"]} == {
        ("shoes", "hats", 1),
        ("hats", "shoes", 1),
    }
    assert (out / "report.html").read_text().startswith("<!doctype html>")


def test_a_truth_that_is_no_leaf_is_compared_as_far_as_it_goes(shop, network, packshot):
    (shop / "list.csv").write_text("path,label,split\nShoes/a.png,Apparel,holdout\nShoes/b.png,shoes,holdout\n")
    code, lines, err = packshot("evaluate", "category", "--data", shop / "list.csv", "--model", network(), "--json")
    assert code == 0, err
    row = json.loads(lines[0])
    assert (row["photos"], row["leaves"], row["accuracy"]["value"]) == (2, 1, 0)
    assert [level["support"] for level in row["levels"]] == [2, 1]
    assert row["served"]["right"]["value"] == 1 / 2
    assert row["f"]["value"] == pytest.approx(2 * 2 / 6)  # apparel twice; hats is not shoes


def test_without_a_leaf_the_levels_remain(shop, network, packshot, tmp_path):
    (shop / "list.csv").write_text("path,label,split\nShoes/a.png,apparel,holdout\n")
    code, lines, err = packshot(
        "evaluate", "category", "--data", shop / "list.csv", "--model", network(), "--json", "-o", tmp_path / "out"
    )
    assert code == 0, err
    row = json.loads(lines[0])
    assert (row["accuracy"], row["majority"], row["calibration_error"], row["coverage"]) == (None,) * 4
    assert row["levels"][0]["accuracy"]["value"] == 1
    page = (tmp_path / "out" / "report.html").read_text()
    assert "100.0 % right down to level 1, on 1 photo." in page
    assert "Every answer was right." in page


def test_one_photo_of_a_class_is_scored(shop, network, packshot, tmp_path):
    (shop / "list.csv").write_text("path,label,split\nhats/e.png,Apparel > Hats,holdout\n")
    code, lines, _ = packshot(
        "evaluate", "category", "--data", shop / "list.csv", "--model", network(), "-o", tmp_path / "out"
    )
    assert code == 0
    assert lines[1].split()[:4] == ["list", "1", "1.000", "1.000"]
    assert (tmp_path / "out" / "report.html").is_file()


def test_unreadable_photos_are_named_and_the_others_scored(shop, network, packshot, tmp_path):
    (shop / "Shoes" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    code, lines, err = packshot(
        "evaluate", "category", "--data", shop, "--split", "all", "--model", network(), "--json", "-o", tmp_path / "out"
    )
    assert code == 3
    assert "a.png" in err
    assert "1 photo could not be scored" in err
    row, broken = map(json.loads, lines)
    assert row["photos"] == 5
    assert (broken["name"], bool(broken["error"]["remedy"])) == ("Shoes/a.png", True)
    assert len(json.loads((tmp_path / "out" / "summary.json").read_text())["unreadable"]) == 1
    assert "1 photo could not be scored" in (tmp_path / "out" / "report.html").read_text()


def test_when_nothing_can_be_read_it_says_so(shop, network, packshot, tmp_path):
    for photo in shop.rglob("*.png"):
        photo.write_bytes(b"")
    code, lines, err = packshot(
        "evaluate", "category", "--data", shop, "--split", "all", "--model", network(), "-o", tmp_path / "out"
    )
    assert (code, lines) == (3, [])
    assert "none of 6 photos could be scored" in err
    assert list((tmp_path / "out").iterdir()) == []


def test_labels_outside_the_tree_are_all_named(shop, network, packshot, tmp_path):
    rows = "".join(f"Shoes/a.png,{label},holdout\n" for label in ("Shoes",))
    rows += "Shoes/b.png,hatts,holdout\nShoes/c.png,lamp,holdout\nShoes/d.png,lamp,holdout\n"
    (shop / "list.csv").write_text("path,label,split\n" + rows)
    code, _, err = packshot(
        "evaluate", "category", "--data", shop / "list.csv", "--model", network(), "-o", tmp_path / "out"
    )
    assert code == 2
    assert "2 of 3 labels are not in the tree of tiny@" in err
    assert "'hatts' (did you mean 'Hats'?), 'lamp'" in err
    assert "or train on a tree that has them" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--data", "no/such"], "no/such: no such folder"),
        (["--model", "no-such-network"], "no-such-network"),
        (["--model", "none"], "describes nothing"),
        (["--split", "test"], "'test' is not one of"),
        (["--limit", "0"], "0 is not in the range"),
        (["--precision", "95"], "precision"),
    ],
)
def test_wrong_usage_is_told(shop, network, packshot, args, said):
    model = () if "--model" in args else ("--model", network())
    code, _, err = packshot("evaluate", "category", "--data", shop, *model, *args)
    assert code == 2
    assert said in err


def test_an_empty_split_names_those_that_have_photos(shop, network, packshot):
    (shop / "list.csv").write_text("path,label,split\nShoes/a.png,shoes,train\n")
    code, _, err = packshot("evaluate", "category", "--data", shop / "list.csv", "--model", network())
    assert code == 2
    assert "no photos in the split holdout (there are: train 1)" in err


def test_networks_without_categories_are_refused(shop, network, packshot):
    kids = network("kids", heads=network.heads[1:2], rows=network.rows[4:6])
    code, _, err = packshot("evaluate", "category", "--data", shop, "--model", kids)
    assert code == 2
    assert "has no head 'category'; its heads: kids" in err
    assert "packshot evaluate attribute --head NAME" in err
    embed = network("embed", heads=(), rows=network.rows[:0])
    code, _, err = packshot("evaluate", "category", "--data", shop, "--model", embed)
    assert code == 2
    assert "its heads: none, it only embeds" in err


def test_answers_that_are_no_numbers_stop_it(shop, network, packshot):
    rows = network.rows.copy()
    rows[0, 3] = np.nan
    code, _, err = packshot("evaluate", "category", "--data", shop, "--split", "all", "--model", network(rows=rows))
    assert code == 2
    assert "expected finite numbers" in err


@pytest.mark.browser
@pytest.mark.parametrize("width", [375, 1280])
def test_the_report_is_read_in_a_browser(browser: Browser, shop, network, packshot, tmp_path, width):
    hostile = "<img src=x onerror=alert(1)>.png"
    (shop / "Shoes" / "b.png").rename(shop / "Shoes" / hostile)
    out = tmp_path / "out"
    packshot("evaluate", "category", "--data", shop, "--split", "all", "--model", network(), "-o", out)
    complaints: list[str] = []
    requests: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: requests.append(request.url))
    page.goto((out / "report.html").as_uri())
    assert page.inner_text("h1") == "66.7 % right to the leaf, on 6 photos."
    cards = page.locator("section[aria-labelledby=mistakes] .card")
    assert cards.locator("h3").all_text_contents() == ["Apparel > Hats", "Apparel > Shoes"], "the surest first"
    assert cards.locator(".file").first.text_content() == f"Shoes/{hostile}", "a name is text, never markup"
    assert page.locator(".confused .wrong").count() == 2
    names = page.locator(".classes tbody th").all_text_contents()
    assert names == ["Apparel > Hats", "Apparel > Shoes"], "the worst first"
    assert page.locator("svg[role=img]").count() == 2
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
        assert image.get_attribute("alt")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing hangs over the side"
    assert complaints == []
    assert [url for url in requests if not url.startswith("data:")] == [(out / "report.html").as_uri()]
    context.close()
