"""``packshot evaluate attribute`` as typed: the network's answers are known, so every figure is worked out by hand."""

import json
from math import exp

import pytest
from PIL import Image

RED, BLUE = (255, 0, 0), (0, 0, 255)
SURE = 1 / (1 + exp(-4))


@pytest.fixture
def table(tmp_path, cells):
    """Five photos; the network says yes where there is blue, which is there for one of two that are for kids."""
    drawn = [({(0, 0): BLUE}, "yes"), ({}, "yes"), ({}, "no"), ({}, "no"), ({(0, 0): BLUE, (2, 2): BLUE}, "no")]
    rows = ["path,label,kids,split"]
    for number, (colours, kids) in enumerate(drawn):
        Image.fromarray(cells(colours, size=(64, 48))).save(tmp_path / f"{number}.png")
        rows.append(f"{number}.png,shoes,{kids},holdout")
    Image.fromarray(cells({}, size=(64, 48))).save(tmp_path / "unknown.png")
    rows.append("unknown.png,shoes,,holdout")
    (tmp_path / "list.csv").write_text("\n".join(rows) + "\n")
    return tmp_path / "list.csv"


@pytest.fixture
def tagged(tmp_path, cells):
    """The public set's layout: a shoe with skin, a belt, and a shoe and a lamp that nobody sees."""
    (tmp_path / "data" / "ccp" / "photos").mkdir(parents=True)
    rows = ["photo,annotation,tags"]
    for number, colours, tags in ((8, {(0, 0): RED}, "shoe|skin"), (16, {(0, 0): BLUE}, "belt"), (24, {}, "shoe|lamp")):
        picture = Image.fromarray(cells(colours, size=(256, 192)))
        picture.save(tmp_path / "data" / "ccp" / "photos" / f"{number}.jpg", quality=95)
        rows.append(f"{number},pixel,{tags}")
    (tmp_path / "data" / "ccp" / "tags.csv").write_text("\n".join(rows) + "\n")
    return tmp_path / "data"


def test_an_attribute_is_scored_beside_its_baselines(table, network, packshot):
    code, lines, err = packshot(
        "evaluate", "attribute", "--data", table, "--head", "kids", "--model", network(), "--json"
    )
    assert code == 0, err
    row = json.loads(lines[0])
    assert row["photos"] == 5, "what nobody said is not scored"
    assert (row["accuracy"]["value"], row["majority"], row["majority_label"]) == (3 / 5, 3 / 5, "no")
    assert (row["answered"]["value"], row["right"]["value"]) == (1, 3 / 5)
    no, yes = row["labels"]
    assert (yes["label"], yes["support"], yes["base_rate"]) == ("yes", 2, 2 / 5)
    # By probability: the one that is not for kids, the one that is, and three alike, of which one is.
    assert yes["average_precision"]["value"] == pytest.approx(1 / 2 * 1 / 2 + 1 / 2 * 2 / 5)
    assert yes["roc_auc"]["value"] == no["roc_auc"]["value"] == pytest.approx((2 + 1) / 6)
    assert (yes["precision"], yes["recall"], yes["f1"]) == (1 / 2, 1 / 2, 1 / 2)
    assert (no["precision"], no["recall"]) == (2 / 3, 2 / 3)
    # One bin, above 14 / 15: four at SURE, and two blue cells are sure beyond doubt.
    assert row["calibration_error"] == pytest.approx(abs(4 * SURE + 1 - 3) / 5, abs=1e-4)


def test_the_table_shows_every_value_and_files_are_written(table, network, packshot, tmp_path):
    out = tmp_path / "out"
    code, lines, err = packshot(
        "evaluate", "attribute", "--data", table, "--head", "kids", "--model", network(), "-o", out
    )
    assert code == 0, err
    assert lines[0].split()[:4] == ["set", "value", "photos", "accuracy"]
    assert lines[1].split()[1:3] == ["5", "0.600"]
    assert lines[2].split()[:2] == ["no", "3"]
    assert lines[3].split() == ["yes", "2", "0.400", "0.450", "0.500"]
    scores = [json.loads(line) for line in (out / "scores.jsonl").read_text().splitlines()]
    assert (scores[1]["true"], scores[1]["likeliest"], scores[1]["right"]) == (["yes"], "no", False)
    assert scores[0]["probabilities"]["yes"] == pytest.approx(SURE, abs=1e-4)
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["task"], summary["head"], summary["summary"][0]["photos"]) == ("attribute", "kids", 5)
    page = (out / "report.html").read_text()
    assert "kids: 60.0 % right, on 5 photos" in page
    assert "taken for" in page


def test_tags_have_a_mean_average_precision(tagged, network, packshot, tmp_path):
    how = ("--data", tagged, "--head", "tags", "--model", network())
    code, lines, err = packshot("evaluate", "attribute", *how, "--json", "-o", tmp_path / "out")
    assert code == 0, err
    assert "does not know are left out: 'lamp'" in err
    row = json.loads(lines[0])
    assert [(tag["label"], tag["support"]) for tag in row["labels"]] == [("shoe", 2), ("belt", 1)], "skin is no product"
    # The first shoe is seen, the other is no likelier than the photo of the belt.
    assert row["labels"][0]["average_precision"]["value"] == pytest.approx(1 / 2 + 1 / 2 * 2 / 3)
    assert row["labels"][1]["average_precision"]["value"] == 1
    assert row["mean_average_precision"]["value"] == pytest.approx((5 / 6 + 1) / 2)
    assert row["base_rate"] == pytest.approx((2 / 3 + 1 / 3) / 2)
    assert (row["precision"], row["recall"]) == (1, pytest.approx(2 / 3))
    assert "tags: mean average precision 0.917, on 3 photos" in (tmp_path / "out" / "report.html").read_text()
    _, lines, _ = packshot("evaluate", "attribute", *how)
    assert lines[1].split()[:3] == ["ccp", "3", "0.917"]


def test_values_the_network_does_not_know_are_named(table, network, packshot):
    table.write_text(table.read_text().replace(",yes,", ",maybe,"))
    code, _, err = packshot("evaluate", "attribute", "--data", table, "--head", "kids", "--model", network())
    assert code == 2
    assert "kids has values that tiny@" in err
    assert "does not know: 'maybe'" in err
    assert "it knows no, yes" in err


def test_one_value_alone_is_scored(table, network, packshot, tmp_path):
    table.write_text("path,label,kids,split\n2.png,shoes,no,holdout\n")
    code, lines, err = packshot(
        "evaluate", "attribute", "--data", table, "--head", "kids", "--model", network(), "--json", "-o", tmp_path / "o"
    )
    assert code == 0, err
    no, yes = json.loads(lines[0])["labels"]
    assert (no["average_precision"]["value"], no["roc_auc"]) == (1, None)
    assert (yes["support"], yes["average_precision"], yes["recall"]) == (0, None, None)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "which attribute?: name one with --head; "),
        (["--head", "colour"], "has no attribute 'colour': it has kids, tags"),
        (["--head", "category"], "the category: packshot evaluate category"),
        (["--head", "kids", "--split", "train"], "no photos in the split train (there are: holdout 5)"),
        (["--head", "tags"], "no photos in the split holdout (there are: none)"),
    ],
)
def test_wrong_usage_is_told(table, network, packshot, args, said):
    code, _, err = packshot("evaluate", "attribute", "--data", table, "--model", network(), *args)
    assert code == 2
    assert said in err


def test_an_attribute_no_picture_has_is_named(table, network, packshot):
    table.write_text("path,label,split\n2.png,shoes,holdout\n")
    code, _, err = packshot("evaluate", "attribute", "--data", table, "--head", "kids", "--model", network())
    assert code == 2
    assert "no picture has the attribute 'kids': name a column of the table" in err


def test_a_network_with_one_attribute_needs_no_head(table, network, packshot):
    kids = network("kids", heads=network.heads[1:2], rows=network.rows[4:6])
    code, lines, err = packshot("evaluate", "attribute", "--data", table, "--model", kids, "--json")
    assert code == 0, err
    assert json.loads(lines[0])["accuracy"]["value"] == 3 / 5
