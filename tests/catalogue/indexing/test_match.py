"""A match by the network's own rule: of the kinds it was taught, and of one kind, whatever the catalogue holds."""

from dataclasses import replace

import numpy as np
import pytest
from packshot_tests.networks import write_network
from PIL import Image

from packshot.catalogue.store import open_store
from packshot.runtime import KnownRule, MatchRule

pytest.importorskip("lancedb")

# Every score is a match, but that of the same photo alone where nothing is said of the kind.
EASY = MatchRule(threshold=-1, groups={"food": 0.9999}, precision=1, coverage=1, queries=9, ground="photo")
# The mean red of a photo says whether it shows a kind the network was taught.
RED_ALONE = KnownRule(weights=(20, 0, 0), bias=-4, threshold=0.5, auroc=1, kept=1, refused=1, photos=9)


def almost(pixels):
    """As like as can be, and not the same pixels."""
    changed = pixels.copy()
    changed[0, 0] ^= 1
    return changed


@pytest.fixture
def asked(packshot, tmp_path, draw):
    """A function: a catalogue of one item, and what it answers to a photo."""

    def ask(query, item, *, category=None, rule=EASY, options=()):
        network = write_network(tmp_path / "tiny.onnx", match=rule, known=RED_ALONE)
        Image.fromarray(query).save(tmp_path / "query.png")
        Image.fromarray(item).save(tmp_path / "item.png")
        catalogue = tmp_path / "shop"
        code, _, err = packshot(
            "index", tmp_path / "item.png", "-c", catalogue, "--describe-model", network, "--jobs", 1
        )
        assert code == 0, err
        if category is not None:
            with open_store(str(catalogue)) as store:
                store.upsert([replace(each, category=category, category_score=None) for each in store.items()])
        search = ("search", tmp_path / "query.png", "-c", catalogue, "--describe-model", network, "--ground", "photo")
        code, (row,), err = packshot(*search, "--json", *options)
        assert code == 0, err
        _, lines, _ = packshot(*search, *options)
        return row, lines[0].split("\t")[1]

    return ask


def test_the_only_item_is_no_match_if_it_is_of_another_kind(asked, draw):
    red = draw(1, tint=(1, 0.3, 0.3))
    assert asked(red, draw(2, tint=(1, 0.3, 0.3)), category=("apparel",))[1] == "match"
    row, words = asked(red, almost(red), category=("hats",))  # of hats the network says: certainly not
    assert (row["match"], words) == (False, "no match")
    assert row["hits"][0]["score"] > row["threshold"]


def test_an_item_of_no_known_kind_needs_the_strictest_score(asked, draw):
    red = draw(1, tint=(1, 0.3, 0.3))
    assert asked(red, draw(2, tint=(1, 0.3, 0.3)), category=())[1] == "no match"
    assert asked(red, almost(red), category=())[1] == "match"


def test_a_photo_of_a_kind_that_was_never_taught_is_told_so(asked, draw):
    green = draw(1, tint=(0, 1, 0.3))
    row, words = asked(green, almost(green))
    assert (row["match"], row["familiar"]) == (False, False)
    assert row["verdict"] == words == "not a kind of product I know"
    assert row["hits"][0]["score"] == pytest.approx(1, abs=1e-4)  # shown all the same
    assert asked(green, almost(green), rule=None)[1] == "not a kind of product I know"


@pytest.mark.parametrize(
    ("tint", "category", "rule", "options"),
    [
        ((0, 1, 0.3), None, EASY, ()),
        ((0, 1, 0.3), None, None, ("--each-view",)),
        ((1, 0.3, 0.3), ("hats",), EASY, ()),
        ((1, 0.3, 0.3), (), EASY, ("--threshold", 1)),
    ],
    ids=["a kind never taught", "no threshold known", "an item of another kind", "a score below the threshold"],
)
def test_a_photo_whose_very_pixels_are_in_the_catalogue_is_a_match(asked, draw, tint, category, rule, options):
    photo = draw(1, tint=tint)
    row, words = asked(photo, photo, category=category, rule=rule, options=options)
    assert (row["match"], row["verdict"], words) == (True, "match", "match")


def test_a_threshold_that_a_person_gives_counts_whatever_the_kind(asked, draw):
    green = draw(1, tint=(0, 1, 0.3))
    assert asked(green, almost(green), options=("--threshold", 0.9))[1] == "match"
    other = np.ascontiguousarray(np.rot90(green, 2))
    assert asked(other, green, options=("--threshold", 0.9999))[1] == "not a kind of product I know"


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_what_is_not_decided_is_told_once_with_the_way_out(packshot, photos, tmp_path, form):
    network, shop = write_network(tmp_path / "tiny.onnx", match=EASY), tmp_path / "shop"
    options = ("--describe-model", network)
    assert packshot("index", photos, "-c", shop, *options, "--jobs", 1)[0] == 0
    queries = tmp_path / "queries"
    queries.mkdir()
    for place, photo in enumerate(photos.rglob("*.png")):  # the photos themselves need no threshold
        Image.fromarray(almost(np.asarray(Image.open(photo)))).save(queries / f"{place}.png")
    search = ("search", queries, "-c", shop, *options, "--ground", "photo", *form)
    assert "threshold" not in packshot(*search)[2]
    # The threshold on the network's card is for items in their photos, not for these.
    assert packshot("catalogue", "reindex", "-c", shop, *options, "--ground", "both", "--jobs", 1)[0] == 0
    code, lines, err = packshot(*search)
    assert (code, len(lines) >= 6) == (0, True)
    assert err.count("no threshold is known") == 1
    assert f"packshot catalogue calibrate QUERIES.csv -c {shop} --ground photo" in err
    assert "threshold" not in packshot(*search, "--threshold", 0.9)[2]
    page = tmp_path / "found.html"
    packshot(*search, "--sheet", page)
    assert page.read_text().count(f"packshot catalogue calibrate QUERIES.csv -c {shop} --ground photo") == 1
    packshot(*search, "--sheet", page, "--threshold", 0.9)
    assert "catalogue calibrate" not in page.read_text()
