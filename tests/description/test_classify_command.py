"""``packshot classify`` as a user types it."""

import json

import numpy as np
import pytest
from packshot_tests.networks import write_classifier
from PIL import Image

from packshot.runtime import available
from packshot.settings import Settings

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


@pytest.fixture
def photos(tmp_path, cells):
    """A shoe, a shoe and a hat, and nothing."""
    folder = tmp_path / "photos"
    (folder / "new").mkdir(parents=True)
    drawn = {"both": {(0, 0): RED, (2, 3): GREEN}, "new/shoe": {(1, 1): RED}, "nothing": {}}
    for name, colours in drawn.items():
        Image.fromarray(cells(colours)).save(folder / f"{name}.png")
    return folder


def test_rows_have_the_keys_of_the_contract(photos, network, packshot):
    code, lines, _ = packshot("classify", photos, "--model", network(), "--json")
    assert code == 0
    both, shoe, nothing = map(json.loads, lines)
    assert [row["source"] for row in (both, shoe, nothing)] == [
        str(photos / name) for name in ("both.png", "new/shoe.png", "nothing.png")
    ]
    assert (shoe["path"], shoe["names"], shoe["sure"]) == (["apparel", "shoes"], ["Apparel", "Shoes"], True)
    assert shoe["score"] == pytest.approx(0.982014**2, abs=1e-5)
    assert [set(top) >= {"label", "score"} for top in shoe["top"]] == [True, True]
    assert shoe["top"][0]["label"] == "shoes"
    assert {"label", "score", "box"} <= set(shoe["products"][0])
    assert np.abs(np.subtract(shoe["products"][0]["box"], (88, 88, 392, 392))).max() <= 4
    assert (both["path"], both["sure"]) == (["apparel"], False)
    assert (nothing["path"], nothing["score"], nothing["products"], nothing["error"]) == ([], 0, [], None)
    assert nothing["uncertainty"] == pytest.approx(1 - 0.982014, abs=1e-5)


def test_lines_say_how_sure_and_when_not(photos, network, packshot):
    code, lines, _ = packshot("classify", photos, "--model", network())
    assert code == 0
    assert [line.split("\t")[1] for line in lines] == [
        "Apparel (1.00), not sure enough to say more",
        "Apparel > Shoes (0.96)",
        "nothing recognised (uncertainty 0.02)",
    ]


def test_a_head_answers_in_the_same_keys(photos, network, packshot):
    _, lines, _ = packshot("classify", photos / "new" / "shoe.png", "--model", network(), "--head", "kids", "--json")
    (row,) = map(json.loads, lines)
    assert (row["head"], row["path"]) == ("kids", ["no"])
    assert row["score"] == pytest.approx(0.982014, abs=1e-5)
    assert [top["label"] for top in row["top"]] == ["no", "yes"]
    code, _, err = packshot("classify", photos, "--model", network(), "--head", "colour")
    assert code == 2
    assert "has no head 'colour': it has category, kids, tags" in err


def test_the_precision_decides_how_deep_it_goes(photos, network, packshot):
    shoe = photos / "new" / "shoe.png"
    for precision, path in (("0.95", ["apparel", "shoes"]), ("0.97", ["apparel"]), ("0.99", [])):
        _, lines, _ = packshot("classify", shoe, "--model", network(), "--precision", precision, "--json")
        assert json.loads(lines[0])["path"] == path
    code, _, err = packshot("classify", shoe, "--model", network(), "--precision", "95")
    assert code == 2
    assert "precision" in err


def test_heatmaps_are_written_one_for_each_answer(photos, network, packshot, tmp_path):
    code, lines, _ = packshot("classify", photos, "--model", network(), "--heatmaps", tmp_path / "seen", "--json")
    assert code == 0
    shoe = json.loads(lines[1])
    names = [f"new/shoe.{name}.png" for name in ("category.shoes", "kids.no", "tags.shoe")]
    assert shoe["heatmaps"] == [str(tmp_path / "seen" / name) for name in names]
    with Image.open(shoe["heatmaps"][0]) as picture:
        drawn = np.asarray(picture).astype(int)
    assert drawn.shape == (480, 640, 3)
    assert drawn[240, 240, 0] > drawn[240, 240, 2] + 60  # hot in the middle of the red cell
    assert drawn[20, 600].tolist() == [0, 0, 0]  # the photo, where it is cold
    _, lines, _ = packshot(
        "classify", photos, "--model", network(), "--head", "kids", "--heatmaps", tmp_path / "kids", "--json"
    )
    assert json.loads(lines[1])["heatmaps"] == [str(tmp_path / "kids" / "new" / "shoe.kids.no.png")]


def test_heatmaps_in_other_colours_and_fainter(photos, network, packshot, tmp_path):
    typed = ("classify", photos / "new" / "shoe.png", "--model", network())
    drawn = {}
    for name, options in {"own": (), "jet": ("--colours", "jet"), "faint": ("--opacity", "0")}.items():
        code, lines, _ = packshot(*typed, "--heatmaps", tmp_path / name, *options, "--json")
        assert code == 0
        with Image.open(json.loads(lines[0])["heatmaps"][0]) as picture:
            drawn[name] = np.asarray(picture).astype(int)
    assert drawn["jet"][20, 600].tolist() == drawn["own"][20, 600].tolist()  # cold: the photo alone
    assert not np.array_equal(drawn["jet"], drawn["own"])
    assert np.ptp(drawn["faint"], axis=2).max() <= 1, "the photo in grey"
    for options in (("--colours", "jet"), ("--opacity", "0")):
        code, _, err = packshot(*typed, *options)
        assert code == 2
        assert f"{options[0]} without --heatmaps" in err


def test_a_photos_own_transparency_cleans_its_boxes(network, packshot, cells, tmp_path):
    rows, columns = np.ogrid[:480, :640]
    alpha = np.where((rows - 250) ** 2 + (columns - 270) ** 2 <= 50**2, 255, 0).astype(np.uint8)[..., None]
    Image.fromarray(np.concatenate([cells({(1, 1): RED}), alpha], axis=2)).save(tmp_path / "cut.png")
    _, lines, _ = packshot("classify", tmp_path / "cut.png", "--model", network(), "--json", "--precision", "0.5")
    row = json.loads(lines[0])
    assert row["products"]
    for product in row["products"]:
        x0, y0, x1, y1 = product["box"]
        assert (x0 >= 220, y0 >= 200, x1 <= 321, y1 <= 301) == (True,) * 4


def test_transparency_that_outlines_nothing_is_not_taken_for_a_product(network, packshot, cells, tmp_path):
    rgb, alpha = cells({(1, 1): RED}), np.full((480, 640, 1), 255, np.uint8)
    alpha[:60] = alpha[-60:] = 0  # a window: what is clear was white
    rgb[alpha[..., 0] == 0] = 255
    Image.fromarray(np.concatenate([rgb, alpha], axis=2)).save(tmp_path / "window.png")
    Image.fromarray(rgb).save(tmp_path / "opaque.png")
    _, lines, _ = packshot("classify", tmp_path / "window.png", tmp_path / "opaque.png", "--model", network(), "--json")
    window, opaque = ({key: value for key, value in json.loads(line).items() if key != "source"} for line in lines)
    assert window == opaque


def test_a_bad_file_is_named_and_the_others_go_on(photos, network, packshot):
    (photos / "empty.jpg").touch()
    code, lines, err = packshot("classify", photos, "--model", network(), "--json")
    assert code == 3
    rows = {row["source"]: row for row in map(json.loads, lines)}
    assert len(rows) == 4
    bad = rows[str(photos / "empty.jpg")]
    assert (bad["error"]["code"], bad["path"], bad["products"]) == ("EmptyFile", None, None)
    assert "empty.jpg" in err
    assert len({tuple(row) for row in rows.values()}) == 1
    assert all(bad[key] is None for key in bad.keys() - {"source", "error"})


def test_wrong_networks_are_named(photos, network, packshot):
    code, _, err = packshot("classify", photos, "--model", "none")
    assert (code, "describes nothing" in err) == (2, True)
    code, _, err = packshot("classify", photos, "--model", network("mask", task="segmentation"))
    assert (code, "expected one for description" in err) == (2, True)
    embed = network("embed", heads=(), rows=network.rows[:0])
    code, _, err = packshot("classify", photos, "--model", embed)
    assert (code, "has no heads, it only embeds" in err) == (2, True)
    code, _, err = packshot("classify", photos, "--model", "dscribe")
    assert (code, "no model is called 'dscribe'" in err) == (2, True)
    if "describe" not in available(Settings()):
        code, _, err = packshot("classify", photos, "--model", "describe")
        assert (code, "no model is called 'describe'" in err) == (2, True)


def test_heatmaps_never_fall_on_a_photo(network, packshot, cells, tmp_path):
    for name in ("a.png", "a.category.shoes.png"):
        Image.fromarray(cells({(1, 1): RED})).save(tmp_path / name)
    before = (tmp_path / "a.category.shoes.png").read_bytes()
    code, _, err = packshot("classify", tmp_path, "--model", network(), "--heatmaps", tmp_path)
    assert code == 3
    assert "is one of the photos" in err
    assert (tmp_path / "a.category.shoes.png").read_bytes() == before


def test_where_no_heatmap_is_written_the_line_says_why(photos, network, packshot, tmp_path):
    nothing = photos / "nothing.png"
    _, lines, _ = packshot(
        "classify", nothing, "--model", network(), "--head", "category", "--heatmaps", tmp_path / "seen"
    )
    assert lines[0].split("\t")[1].startswith("nothing recognised")
    assert "; no heatmap: " in lines[0]
    assert not (tmp_path / "seen").exists()


def test_a_classifier_of_other_hands_answers_its_labels_and_a_guess_is_called_one(packshot, tmp_path):
    """By its softmax of 8 times the mean red and blue: 0.72 at a difference of 30 in 255."""
    model = write_classifier(tmp_path / "colours.onnx")
    Image.fromarray(np.full((60, 80, 3), (120, 90, 90), np.uint8)).save(tmp_path / "reddish.png")
    code, lines, err = packshot("classify", tmp_path / "reddish.png", "--model", model)
    assert code == 0, err
    assert lines[0].split("\t")[1] == "not sure enough (perhaps red, 0.72)"
    _, lines, _ = packshot("classify", tmp_path / "reddish.png", "--model", model, "--precision", 0.5)
    assert lines[0].split("\t")[1] == "red (0.72)"
    code, _, err = packshot("classify", tmp_path / "reddish.png", "--model", model, "--head", "kids")
    assert code == 2
    assert "it has label" in err
