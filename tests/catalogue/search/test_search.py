"""Search over hand-made embeddings whose neighbours are known."""

import numpy as np
import pytest

from packshot.catalogue import CatalogueItem
from packshot.catalogue.search import (
    average,
    read_match_rule,
    reranked,
    search,
    write_match_rule,
)
from packshot.catalogue.store import Filter, Hit, open_store
from packshot.errors import CatalogueDamaged, CatalogueMismatch, UsageError
from packshot.runtime import MatchRule
from packshot.web.search_sheet import SheetCell, SheetRow, sheet_html, sheet_png

MODEL = "describe@1f2e3d4c"


def at(degrees):
    """A vector in the plane."""
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], np.float32)


class Plane:
    """A store of a few items that compares with each: only what search asks of one."""

    def __init__(self, angles):
        self.angles = angles

    def search(self, vectors, *, model, k, where, exact=None):
        assert model == MODEL
        queries = np.atleast_2d(vectors)
        found = []
        for query in queries:
            hits = [
                Hit(name, f"{name}.jpg", float(query @ at(angle)), (name[:1],)) for name, angle in self.angles.items()
            ]
            hits = [hit for hit in hits if where.category is None or hit.id.startswith(where.category)]
            found.append(sorted(hits, key=lambda hit: -hit.score)[:k])
        return found


def lance(angles, tmp_path):
    pytest.importorskip("lancedb")
    store = open_store(tmp_path / "c", create=True)
    store.upsert(
        CatalogueItem(
            source=f"{name}.jpg",
            id=name,
            sha256=f"{angle:064x}",
            pixel_hash=f"{angle:064x}",
            embedding=at(angle),
            model=MODEL,
            category=(name[:1],),
        )
        for name, angle in angles.items()
    )
    return store


@pytest.fixture(params=["plane", "lance"])
def store(request, tmp_path):
    angles = {"a0": 0, "a20": 20, "b60": 60, "b170": 170}
    return Plane(angles) if request.param == "plane" else lance(angles, tmp_path)


def test_the_nearest_come_first_and_scores_are_cosines(store):
    (found,) = search(store, at(15), model=MODEL, k=3)
    assert [hit.id for hit in found.hits] == ["a20", "a0", "b60"]
    assert [hit.score for hit in found.hits] == pytest.approx([np.cos(np.radians(d)) for d in (5, 15, 45)], abs=1e-5)
    assert (found.match, found.threshold) == (None, None)


def test_a_match_is_as_near_as_the_threshold(store):
    threshold = float(np.cos(np.radians(10)))
    answers = search(store, np.stack([at(28), at(32), at(115)]), model=MODEL, threshold=threshold)
    assert [answer.match for answer in answers] == [True, False, False]
    assert {answer.threshold for answer in answers} == {threshold}


def test_a_filter_leaves_the_rest_out(store):
    (found,) = search(store, at(0), model=MODEL, where=Filter(category="b"))
    assert [hit.id for hit in found.hits] == ["b60", "b170"]
    (none,) = search(store, at(0), model=MODEL, where=Filter(category="c"), threshold=0.0)
    assert (none.hits, none.match) == ((), False)


def test_the_category_a_photo_is_of_comes_first(store):
    likely = [{"a": 0.1, "b": 0.9}, {"a": 0.9, "b": 0.1}]
    of_b, of_a = search(store, np.stack([at(35), at(35)]), model=MODEL, k=2, threshold=0.8, chances=likely)
    assert [hit.id for hit in of_b.hits] == ["b60", "a20"]
    assert [hit.id for hit in of_a.hits] == ["a20", "a0"]
    cosines = [np.cos(np.radians(25)), np.cos(np.radians(15))]
    assert [hit.score for hit in of_b.hits] == pytest.approx([(2 * cosines[0] + 0.9) / 3, (2 * cosines[1] + 0.1) / 3])
    assert (of_b.match, of_a.match) == (True, True)
    (unsure,) = search(store, at(35), model=MODEL, threshold=0.8, chances=[{"a": 0.3, "b": 0.3}])
    assert unsure.match is False  # it looks like a20 (0.97), but may well be neither


def test_without_categories_looks_alone_count(store):
    (plain,) = search(store, at(35), model=MODEL)
    (empty,) = search(store, at(35), model=MODEL, chances=[{}])
    assert empty == plain
    with pytest.raises(ValueError, match=r"shorter|longer"):
        search(store, at(35), model=MODEL, chances=[{}, {}])
    with pytest.raises(ValueError, match="expected 1 or more"):
        search(store, at(35), model=MODEL, k=0, chances=[{}])


def test_an_item_of_an_unknown_category_is_compared_by_looks():
    hits = [
        Hit("known", "k.jpg", 0.9, ("food", "milk")),
        Hit("new", "n.jpg", 0.6, ("food", "kefir")),
        Hit("no", "", 0.3),
    ]
    first, *others = reranked(hits, {"food": 0.99, "milk": 0.0})
    assert (first.id, first.score) == ("new", pytest.approx((2 * 0.6 + 0.99) / 3))  # what is known of kefir is: food
    assert [(hit.id, hit.score) for hit in others] == [("known", pytest.approx(0.6)), ("no", pytest.approx(0.3))]


def test_queries_of_another_network_are_refused(tmp_path):
    with pytest.raises(CatalogueMismatch):
        search(lance({"a": 0}, tmp_path), at(0), model="describe@ffffffff")


def test_the_average_lies_in_the_middle():
    np.testing.assert_allclose(average([at(10), at(50)]), at(30), atol=1e-6)
    np.testing.assert_allclose(average([at(10)]), at(10), atol=1e-6)
    for wrong in ([], [at(0), at(180)], [2 * at(0)]):
        with pytest.raises(ValueError, match="expected"):
            average(wrong)


RULE = MatchRule(threshold=0.7, precision=0.96, coverage=0.5, queries=296, ground="both")


def test_a_rule_comes_back_for_its_model_alone(tmp_path):
    assert read_match_rule(str(tmp_path), model=MODEL) is None
    write_match_rule(str(tmp_path), RULE, model=MODEL)
    assert read_match_rule(str(tmp_path), model=MODEL) == RULE
    assert read_match_rule(str(tmp_path), model="describe@ffffffff") is None


def test_garments_may_have_another_threshold_than_groceries() -> None:
    rule = RULE.model_copy(update={"groups": {"apparel": 0.9}})
    asked = [{"apparel": 0.6, "food": 0.4}, {"apparel": 0.4, "food": 0.6}, {"food": 1.0}, {}]
    assert [rule.threshold_for(chances) for chances in asked] == [0.9, 0.7, 0.7, 0.9]  # of nothing the strictest
    assert RULE.threshold_for({}) == RULE.threshold_for({"apparel": 1.0}) == 0.7


def test_what_a_category_counts_may_differ_by_kind_of_product(store) -> None:
    rule = RULE.model_copy(update={"shares": {"apparel": 0.0}})
    asked = [{"apparel": 0.6}, {"apparel": 0.4, "food": 0.6}, {}]
    assert [rule.share_for(chances, otherwise=0.25) for chances in asked] == [0.0, 0.25, 0.25]
    likely = {"a": 0.1, "b": 0.9}
    by_looks, half = (
        search(store, at(35), model=MODEL, k=1, chances=[likely], share=share)[0].hits[0] for share in (0.0, 0.5)
    )
    assert (by_looks.id, by_looks.score) == ("a20", pytest.approx(np.cos(np.radians(15))))
    assert (half.id, half.score) == ("b60", pytest.approx((np.cos(np.radians(25)) + 0.9) / 2))


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"model": "describe@1f2e3d4c", "rule": {"threshold": 7}}'])
def test_a_damaged_rule_is_named(tmp_path, content):
    (tmp_path / "match.json").write_bytes(content)
    with pytest.raises(CatalogueDamaged, match=r"match\.json.*calibrate"):
        read_match_rule(str(tmp_path), model=MODEL)


def test_beyond_folders_a_rule_is_given_with_the_search():
    for uri in ("s3://bucket/shop", "milvus://host:19530/shop", "milvus+shop.db"):
        assert read_match_rule(uri, model=MODEL) is None
        with pytest.raises(UsageError, match=r"--threshold 0\.7000"):
            write_match_rule(uri, RULE, model=MODEL)


def cell(name="a.jpg", size=(30, 50), score=None):
    return SheetCell(np.full((*size, 3), 120, np.uint8), name, score)


def test_a_sheet_shows_every_picture_once():
    rows = [
        SheetRow(cell("q1.jpg"), (cell("x.jpg", score=0.912), cell("y.jpg", score=0.5)), match=True),
        SheetRow(cell("q2.jpg"), (cell("z.jpg", score=0.4), SheetCell(None, "gone.jpg", 0.3)), match=False),
        SheetRow(cell("q3.jpg"), problem="no product was found"),
    ]
    page = sheet_html(rows, title="found")
    assert page.count("<img ") == 6
    for words in ("match</span>", "no match", "no product was found", "0.912", "gone.jpg", "no picture here"):
        assert words in page
    picture = sheet_png(rows)
    assert picture.dtype == np.uint8
    assert picture.shape[0] >= 3 * 200
    assert picture.shape[1] >= 3 * 200


def test_a_sheet_says_once_what_holds_of_all_searches():
    rows = [SheetRow(cell("q.jpg"), (cell("x.jpg", score=0.9),), said="nearest")] * 3
    notes = ["whether it is the product itself is not decided <yet>: " + "say why " * 60]
    assert sheet_html(rows, title="found", notes=notes).count("is not decided &lt;yet&gt;") == 1
    plain, noted = sheet_png(rows), sheet_png(rows, notes=notes)
    high = plain.shape[0]
    assert np.array_equal(noted[:high], plain), "below the queries"
    assert noted.shape[1] == plain.shape[1]
    ink = (noted[high:] != noted[-1, -1]).any(axis=(1, 2))
    assert np.count_nonzero(np.diff(ink.astype(int)) == 1) >= 3, "in lines that fit the picture"
    assert not (noted[high:, -10:] != noted[-1, -1]).any(), "none of which is cut"


def test_a_sheet_takes_any_shape_and_name():
    names = ["x" * 400, "naïve łódź 日本.jpg", "two\nlines", ""]
    hits = tuple(
        cell(name, size, 0.5) for name, size in zip(names, [(1, 3000), (3000, 1), (1, 1), (200, 200)], strict=True)
    )
    assert sheet_png([SheetRow(cell(), hits)]).shape[1] >= 5 * 200
    assert sheet_html([SheetRow(cell(), hits)], title="x").count("<img ") == 5
    assert sheet_png([]).ndim == 3


# Rivals: other products that come nearly as near


class Shelf(Plane):
    """A plane whose items have SKUs."""

    def __init__(self, angles, skus):
        super().__init__(angles)
        self.skus = skus

    def get(self, ids):
        return {
            name: CatalogueItem(
                source=f"{name}.jpg",
                id=name,
                sha256="0" * 64,
                pixel_hash="0" * 64,
                embedding=at(self.angles[name]),
                model=MODEL,
                attributes={"sku": self.skus[name]} if name in self.skus else {},
            )
            for name in ids
        }


def score_at(query, angles, skus, *, usual):
    (found,) = search(Shelf(angles, skus), at(query), model=MODEL, k=1, usual=usual)
    assert found.hits[0].score == pytest.approx(1)
    return found.match_score


def test_the_nearest_other_products_take_from_the_score_what_they_are_nearer_than_usual():
    rivals = {f"r{number}": 60 for number in range(10)}  # cosine 0.5
    assert score_at(0, {"a": 0, **rivals}, {}, usual=0.5) == pytest.approx(1, abs=1e-6)
    assert score_at(0, {"a": 0, **rivals}, {}, usual=0.3) == pytest.approx(1 - 0.3 * 0.2, abs=1e-6)
    assert score_at(0, {"a": 0, **rivals}, {}, usual=0.7) == pytest.approx(1 + 0.3 * 0.2, abs=1e-6)
    further = {f"s{number}": 90 for number in range(10)}
    assert score_at(0, {"a": 0, **rivals, **further}, {}, usual=0.3) == pytest.approx(1 - 0.3 * 0.2, abs=1e-6)


def test_where_a_catalogue_has_few_items_the_usual_stands_in_for_those_that_it_lacks():
    assert score_at(0, {"a": 0}, {}, usual=0.3) == pytest.approx(1)
    assert score_at(0, {"a": 0, "b": 60}, {}, usual=0.3) == pytest.approx(1 - 0.3 * 0.2 / 10, abs=1e-6)


def test_photos_of_the_product_itself_are_no_rivals_and_those_of_another_count_once():
    angles = {"a": 0, "a2": 20, "a3": 30, "b": 60, "b2": 60, "b3": 60}
    skus = {"a": "1", "a2": "1", "a3": "1", "b": "2", "b2": "2", "b3": "2"}
    assert score_at(0, angles, skus, usual=0.3) == pytest.approx(1 - 0.3 * 0.2 / 10, abs=1e-6)


def test_the_threshold_is_compared_with_what_the_rivals_leave():
    angles = {"a": 0, **{f"r{number}": 20 for number in range(10)}}
    stands = {
        usual: search(Shelf(angles, {}), at(0), model=MODEL, threshold=0.95, usual=usual)[0] for usual in (0.6, 1)
    }
    assert [(each.match, each.hits[0].id) for each in stands.values()] == [(False, "a"), (True, "a")]
    (plain,) = search(Shelf(angles, {}), at(0), model=MODEL, threshold=0.95)
    assert (plain.match, plain.match_score) == (True, pytest.approx(1))
